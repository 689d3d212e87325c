import time
import warnings

import gguf
import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType

from snippets.compression.gguf_blocks import BLOCK_LAYOUTS, dequantize, quantize

RANDOM = np.random.default_rng(0)
BELL = RANDOM.standard_normal((7, 11, 32 * 13)).astype(np.float32)
TINY = np.geomspace(1e-45, 1e-3, 32 * 500).astype(np.float32).reshape(500, 32)
SIGNS = RANDOM.choice(np.float32([-1, 1]), (500, 32))
INPUTS = {
    "a bell curve": BELL,
    "one row": BELL[0, 0],
    "one block": BELL[0, 0, :32],
    "no row": BELL[:0],
    "every size": BELL * 10 ** RANDOM.uniform(-7, 3, (7, 11, 1)).astype(np.float32),
    "constants": np.repeat(RANDOM.standard_normal((97, 1)).astype(np.float32), 32, 1),
    "zeros": np.zeros((3, 64), np.float32),
    "minus zeros": -np.zeros((3, 64), np.float32),
    "zeros of both signs": RANDOM.choice(np.float32([0.0, -0.0]), (997, 32)),
    "nothing below zero": np.maximum(BELL, RANDOM.choice(np.float32([0.0, -0.0]), BELL.shape)),
    "many ties": RANDOM.integers(-3, 4, (997, 32)).astype(np.float32),
    "halves": RANDOM.integers(-30, 31, (997, 32)).astype(np.float32) / 2,
    "huge": SIGNS * RANDOM.uniform(0, 65_504, (500, 32)).astype(np.float32),
    "tiny": SIGNS * TINY,
    "smallest of all": SIGNS * RANDOM.integers(0, 99, (500, 32)).astype(np.uint32).view(np.float32),
    "an outlier": np.where(np.arange(32) == 17, np.float32(-999), BELL[0, :, :32]),
    "every second": BELL[::2, ::-1],
}


def theirs(x, kind):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it divides by what is nearly zero
        return gguf.quants.quantize(x, GGMLQuantizationType[kind])


@pytest.mark.parametrize("x", INPUTS.values(), ids=INPUTS.keys())
@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
def test_bytes_agree_with_the_gguf_package(kind, x):
    expected = theirs(np.ascontiguousarray(x), kind) if x.size else np.zeros(0)
    before = x.copy()
    ours = quantize(x, kind)
    np.testing.assert_array_equal(x, before)
    assert ours.shape == (*x.shape[:-1], x.shape[-1] // 32 * BLOCK_LAYOUTS[kind].itemsize)
    np.testing.assert_array_equal(ours.ravel(), expected.ravel())


@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
def test_numbers_agree_with_the_gguf_package_to_the_bit(kind):
    for x in INPUTS.values():
        blocks = quantize(x, kind)
        back = dequantize(blocks, kind)
        assert (back.shape, back.dtype) == (x.shape, np.float32)
        if x.size:
            expected = gguf.quants.dequantize(blocks, GGMLQuantizationType[kind])
            np.testing.assert_array_equal(back.view(np.uint32), expected.view(np.uint32))


def test_rounding_agrees_on_both_sides_of_every_half():
    """A scale of 1 keeps numbers as they are; their neighbours in float32 must part ways."""
    halves = np.arange(-126.5, 127, 1, dtype=np.float32)
    near = [halves, np.nextafter(halves, np.float32(-999)), np.nextafter(halves, np.float32(999))]
    x = np.full((3 * len(halves), 32), 127, np.float32)
    x[:, 0] = np.concatenate(near)
    np.testing.assert_array_equal(quantize(x, "Q8_0"), theirs(x, "Q8_0"))


@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
def test_page_says_a_weight_moves_by_half_a_step_at_most(kind):
    """But Q4_0 and Q5_0 have one label less on the other side of zero: there it is a step."""
    packed = quantize(BELL, kind).reshape(-1).view(BLOCK_LAYOUTS[kind])
    step = np.abs(packed["scale"].astype(np.float32))[:, None]
    moved = np.abs(dequantize(quantize(BELL, kind), kind) - BELL).reshape(-1, 32)
    slack = 2 ** int(kind[1]) / 2**11  # the scale itself was rounded, to 11 bits
    assert (moved <= (0.5 + slack) * step).mean() > 0.98
    assert (moved <= ((1 if kind in ("Q4_0", "Q5_0") else 0.5) + slack) * step).all()


@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
def test_bits_per_weight_are_counted_from_bytes(kind):
    expected = {"Q4_0": 4.5, "Q4_1": 5.0, "Q5_0": 5.5, "Q5_1": 6.0, "Q8_0": 8.5}
    assert quantize(BELL, kind).nbytes * 8 / BELL.size == expected[kind]


@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(kind, bad):
    x = BELL.copy()
    x[3, 5, 17] = bad
    with pytest.raises(ValueError, match="wanted finite numbers .*, got (nan|inf)"):
        quantize(x, kind)


@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
def test_a_scale_that_16_bits_cannot_hold_is_refused(kind):
    with pytest.raises(ValueError, match=r"a scale below 65,520, got 3e\+38"):
        quantize(np.float32([[3e38, -3e38] * 16]), kind)


def test_the_largest_scale_is_the_largest_half():
    assert quantize(np.full(32, -65_504 * 8, np.float32), "Q4_0").view("<f2")[0] == 65_504
    quantize(np.full(32, 65_519, np.float32), "Q4_1")
    with pytest.raises(ValueError, match="below 65,520, got 6.552e"):
        quantize(np.full(32, 65_520, np.float32), "Q4_1")


def test_wrong_kinds_types_and_shapes_are_refused():
    with pytest.raises(ValueError, match="can pack Q4_0, .*, Q8_0, got 'Q4_K'"):
        quantize(BELL, "Q4_K")
    with pytest.raises(ValueError, match=r"wanted float32, .* got float64 \(7, 11, 416\)"):
        quantize(BELL.astype(np.float64), "Q4_0")
    with pytest.raises(ValueError, match=r"rows of n \* 32 numbers, got float32 \(7, 11, 33\)"):
        quantize(BELL[..., :33], "Q4_0")
    with pytest.raises(ValueError, match=r"got float32 \(\)"):
        quantize(np.float32(7).reshape(()), "Q4_0")
    with pytest.raises(ValueError, match="can read Q4_0, .*, Q6_K, got 'Q2_K'"):
        dequantize(np.zeros(18, np.uint8), "Q2_K")
    with pytest.raises(ValueError, match=r"wanted uint8, rows of n \* 18, got uint8 \(2, 17\)"):
        dequantize(np.zeros((2, 17), np.uint8), "Q4_0")
    with pytest.raises(ValueError, match="got int8"):
        dequantize(np.zeros(18, np.int8), "Q4_0")
    with pytest.raises(ValueError, match="wanted finite scales in Q4_0 blocks"):
        dequantize(np.full(18, 255, np.uint8), "Q4_0")


@pytest.mark.parametrize("kind", BLOCK_LAYOUTS)
def test_page_says_packing_is_no_slower_than_the_gguf_package(kind):
    """Both ways, four million weights, best of several, each after the other in one run."""
    x = RANDOM.standard_normal((1024, 4096)).astype(np.float32)
    blocks, number = quantize(x, kind), GGMLQuantizationType[kind]
    jobs = {
        "pack": lambda: quantize(x, kind),
        "their pack": lambda: gguf.quants.quantize(x, number),
        "unpack": lambda: dequantize(blocks, kind),
        "their unpack": lambda: gguf.quants.dequantize(blocks, number),
    }
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(7):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            best[name] = min(best[name], time.perf_counter() - start)
    assert best["pack"] < best["their pack"]
    assert best["unpack"] < best["their unpack"]


def test_the_real_models_weights_survive_their_own_format():
    """Its matrices came through Q4_1, so packing them again in that format loses nothing."""
    from snippets.model.gguf_file import dequantize_gguf, read_gguf
    from snippets.model.smollm2_file import find_smollm2

    tensor = read_gguf(find_smollm2())[1]["blk.7.attn_k.weight"]
    rows = tensor.data.reshape(tensor.shape[0], -1)
    weights = dequantize_gguf(tensor)
    np.testing.assert_array_equal(dequantize(rows, tensor.kind), weights)
    again = dequantize(quantize(weights, "Q4_1"), "Q4_1")
    assert np.abs(again - weights).max() < 2e-3 * np.abs(weights).max()
    assert torch.from_numpy(weights).isfinite().all()
