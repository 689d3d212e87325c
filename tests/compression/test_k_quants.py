import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType

from snippets.compression.gguf_blocks import dequantize
from snippets.compression.k_quants import K_LAYOUTS, read_q4_k, read_q6_k, six_bit_steps


def random_blocks(kind, shape):
    """Any bytes are a valid block, if only the 16-bit floats are finite."""
    generator = np.random.default_rng(0)
    blocks = generator.integers(0, 256, (*shape, K_LAYOUTS[kind].itemsize), dtype=np.uint8)
    packed = blocks.view(K_LAYOUTS[kind])[..., 0]
    for name in {"scale", "low"} & set(packed.dtype.names):
        packed[name] = generator.choice(all_finite_halves(), shape)
    return blocks.reshape(*shape[:-1], -1)


def all_finite_halves():
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    return halves[np.isfinite(halves)]


@pytest.mark.parametrize("kind", K_LAYOUTS)
def test_numbers_agree_with_the_gguf_package_to_the_bit(kind):
    blocks = random_blocks(kind, (7, 11, 13))
    theirs = gguf.quants.dequantize(blocks, GGMLQuantizationType[kind])
    ours = dequantize(blocks, kind)
    assert ours.shape == (7, 11, 13 * 256)
    np.testing.assert_array_equal(ours.view(np.uint32), theirs.view(np.uint32))


@pytest.mark.parametrize("kind", K_LAYOUTS)
def test_sizes_agree_with_the_gguf_package(kind):
    expected = gguf.constants.GGML_QUANT_SIZES[GGMLQuantizationType[kind]]
    assert (256, K_LAYOUTS[kind].itemsize) == expected


def test_six_bits_survive_being_packed():
    scales, lows = np.random.default_rng(0).integers(0, 64, (2, 17, 8), dtype=np.uint8)
    packed = np.empty((17, 3, 4), np.uint8)
    packed[:, 0] = scales[:, :4] | scales[:, 4:] >> 4 << 6
    packed[:, 1] = lows[:, :4] | lows[:, 4:] >> 4 << 6
    packed[:, 2] = scales[:, 4:] & 15 | (lows[:, 4:] & 15) << 4
    for ours, expected in zip(six_bit_steps(packed), (scales, lows), strict=True):
        np.testing.assert_array_equal(ours, expected)


def test_one_run_by_hand():
    block = np.zeros(1, K_LAYOUTS["Q4_K"])
    block["scale"], block["low"], block["codes"][0, 0, 5] = 0.5, 0.25, 0x9C
    block["steps"][0, 0, :2], block["steps"][0, 1, :2] = (3, 2), (8, 4)
    numbers = np.empty((1, 256), np.float32)
    read_q4_k(block, numbers)
    assert numbers[0, [4, 5, 36, 37]].tolist() == [-2, 12 * 1.5 - 2, -1, 9 * 1 - 1]
    block = np.zeros(1, K_LAYOUTS["Q6_K"])
    block["scale"], block["steps"][0, 0], block["codes"][0, 0, 3] = 0.5, -3, 0x07
    block["upper"][0, 0, 3] = 0b11  # 7 + 3 * 16 = 55
    read_q6_k(block, numbers)
    assert numbers[0, [0, 3]].tolist() == [48, (55 - 32) * -1.5]


def test_page_says_what_k_blocks_cost():
    bits = {kind: layout.itemsize * 8 / 256 for kind, layout in K_LAYOUTS.items()}
    assert bits == {"Q4_K": 4.5, "Q6_K": 6.5625}


@pytest.mark.parametrize("kind", K_LAYOUTS)
def test_cut_blocks_and_infinite_scales_are_refused(kind):
    size = K_LAYOUTS[kind].itemsize
    with pytest.raises(ValueError, match=rf"wanted uint8, rows of n \* {size}, got uint8 \(3, 143"):
        dequantize(np.zeros((3, 143), np.uint8), kind)
    block = np.zeros(1, K_LAYOUTS[kind])
    block["scale"] = np.inf
    with pytest.raises(ValueError, match=f"wanted finite scales in {kind} blocks"):
        dequantize(block.view(np.uint8), kind)
