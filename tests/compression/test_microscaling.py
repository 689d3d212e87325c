import gguf
import ml_dtypes
import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType

from sitebuild.book import Book
from snippets.compression.microscaling import (
    dequantize_mxfp4,
    dequantize_nvfp4,
    pack_halves,
    quantize_mxfp4,
    quantize_nvfp4,
    read_e2m1,
    round_to_e2m1,
)


def sizes(*shape):
    """Bell-shaped numbers, with rows from tiny to huge."""
    return torch.randn(*shape) * 10 ** torch.linspace(-30, 30, shape[0])[:, None]


def test_all_sixteen_numbers_agree_with_ml_dtypes():
    codes = np.arange(16, dtype=np.uint8)
    expected = codes.view(ml_dtypes.float4_e2m1fn).astype(np.float32)
    ours = read_e2m1(torch.arange(16, dtype=torch.uint8)).numpy()
    np.testing.assert_array_equal(ours.view(np.uint32), expected.view(np.uint32))


def test_rounding_agrees_with_ml_dtypes_on_ties_and_on_both_sides_of_them():
    ties = np.arange(-24, 25, dtype=np.float32) / 4
    near = [np.nextafter(ties, np.float32(side)) for side in (-9, 9)]
    x = np.concatenate([ties, *near, np.linspace(-6, 6, 9973, dtype=np.float32), [-0.0]])
    x = x.astype(np.float32).clip(-6, 6)
    expected = x.astype(ml_dtypes.float4_e2m1fn).view(np.uint8)
    np.testing.assert_array_equal(round_to_e2m1(torch.from_numpy(x)).numpy(), expected)


def test_what_is_too_large_becomes_six():
    codes = round_to_e2m1(torch.tensor([6.1, 7.9, 1e9, -1e9]))
    assert read_e2m1(codes).tolist() == [6, 6, 6, -6]


def test_mxfp4_agrees_with_the_gguf_package_byte_for_byte():
    """It knows no minus zero, and its ties go down; a bell has no ties."""
    x = sizes(61, 32 * 13)
    codes, scales = quantize_mxfp4(x)
    seen = torch.where(codes == 8, 0, codes)
    ours = torch.cat([scales[..., None], pack_halves(seen, 32).unflatten(-1, (-1, 16))], -1)
    expected = gguf.quants.quantize(x.numpy(), GGMLQuantizationType.MXFP4)
    np.testing.assert_array_equal(ours.flatten(-2).numpy(), expected)
    back = gguf.quants.dequantize(expected, GGMLQuantizationType.MXFP4)
    np.testing.assert_array_equal(dequantize_mxfp4(codes, scales).numpy(), back)


def test_scales_of_mxfp4_are_powers_of_two_as_pytorch_and_ml_dtypes_read_them():
    codes = torch.full((255, 32), 2, dtype=torch.uint8)  # the number 1
    scales = torch.arange(255, dtype=torch.uint8)[:, None]  # 255 would mean "not a number"
    ours = dequantize_mxfp4(codes, scales)[:, 0]
    theirs = scales.numpy().view(ml_dtypes.float8_e8m0fnu).astype(np.float32)[:, 0]
    np.testing.assert_array_equal(ours.numpy(), theirs)
    assert torch.equal(ours, scales.view(torch.float8_e8m0fnu).float()[:, 0])


def test_mxfp4_agrees_with_the_standard_step_by_step():
    x = sizes(61, 64).double()
    codes, scales = quantize_mxfp4(x)
    blocks = x.float().double().view(-1, 32)
    shared = 2.0 ** (blocks.abs().amax(1).log2().floor() - 2)  # 2 is the exponent of 4 to 6
    scaled = (blocks / shared[:, None]).clamp(-6, 6).numpy()
    expected = scaled.astype(ml_dtypes.float4_e2m1fn).view(np.uint8)
    np.testing.assert_array_equal(codes.view(-1, 32).numpy(), expected)
    assert torch.equal(2.0 ** (scales.view(-1).double() - 127), shared)


def test_powers_of_two_and_their_neighbours_get_the_right_scale():
    power = torch.tensor(2.0) ** torch.arange(-120, 120)
    for largest, expected in ((power, 0), (power.nextafter(torch.tensor(0.0)), -1)):
        x = torch.zeros(len(power), 32)
        x[:, 7] = largest
        assert (quantize_mxfp4(x)[1][:, 0] - 127.0 + 2 == power.log2() + expected).all()


def test_nvfp4_agrees_with_ml_dtypes_step_by_step():
    x = torch.randn(7, 16 * 11) * torch.logspace(-2, 2, 7)[:, None]
    codes, scales, whole = quantize_nvfp4(x)
    blocks = x.view(-1, 16)
    largest = blocks.abs().amax(1)
    torch.testing.assert_close(whole, largest.max() / (6 * 448))
    short = (largest / 6 / whole).clamp(max=448).numpy().astype(ml_dtypes.float8_e4m3fn)
    np.testing.assert_array_equal(scales.view(-1).numpy(), short.view(np.uint8))
    step = torch.from_numpy(short.astype(np.float32)) * whole
    scaled = (blocks / step[:, None]).clamp(-6, 6).numpy()
    expected = scaled.astype(ml_dtypes.float4_e2m1fn)
    np.testing.assert_array_equal(codes.view(-1, 16).numpy(), expected.view(np.uint8))
    back = torch.from_numpy(expected.astype(np.float32)) * step[:, None]
    assert torch.equal(dequantize_nvfp4(codes, scales, whole).view(-1, 16), back)


def test_nvfp4_blocks_agree_with_the_gguf_package():
    """Its blocks are four of ours and leave the scale of the whole tensor to others."""
    x = torch.randn(11, 64 * 3)
    codes, scales, _ = quantize_nvfp4(x)
    ours = dequantize_nvfp4(codes, scales, torch.tensor(1.0))
    halves = pack_halves(codes, 16).unflatten(-1, (-1, 32))
    blocks = torch.cat([scales.unflatten(-1, (-1, 4)), halves], -1).flatten(-2)
    theirs = gguf.quants.dequantize(blocks.numpy(), GGMLQuantizationType.NVFP4)
    np.testing.assert_array_equal(ours.numpy(), theirs)


def test_page_says_what_a_weight_costs_with_its_scales():
    x = torch.randn(64, 4096)
    codes, scales = quantize_mxfp4(x)
    assert 8 * (pack_halves(codes, 32).nbytes + scales.nbytes) / x.numel() == 4.25
    codes, scales, whole = quantize_nvfp4(x)
    packed = pack_halves(codes, 16).nbytes + scales.nbytes + whole.nbytes
    assert 8 * packed / x.numel() == pytest.approx(4.5, abs=2e-4)  # 32 bits more in all


def test_page_says_nvfp4_errs_less_than_mxfp4_on_a_bell():
    mx, nv = Book().result("compression.microscaling")["values"]["rows"]
    assert (mx["format"], nv["format"]) == ("MXFP4", "NVFP4")
    assert (mx["bits"], nv["bits"]) == (4.25, 4.5)
    assert nv["error"] < 0.9 * mx["error"]


def test_numbers_on_the_grid_come_back_as_they_were(device):
    grid = torch.tensor([-6.0, -4, -3, -1.5, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 6, -1, -2, 0.0])
    x = grid.repeat(3, 2).to(device) * 2.0 ** torch.tensor([[-9], [0], [7]], device=device)
    assert torch.equal(dequantize_mxfp4(*quantize_mxfp4(x)), x)
    x = grid.repeat(3, 2).to(device)
    torch.testing.assert_close(dequantize_nvfp4(*quantize_nvfp4(x)), x)


@pytest.mark.parametrize("x", [torch.zeros(3, 64), -torch.zeros(3, 64)])
def test_zeros_stay_zeros(x):
    assert torch.equal(dequantize_mxfp4(*quantize_mxfp4(x)), x)
    assert torch.equal(dequantize_nvfp4(*quantize_nvfp4(x)), x)


def test_the_smallest_and_the_largest_floats_do_no_harm():
    for size in (1e-45, 1e-38, 3.4e38):
        x = torch.full((1, 32), size)
        x[0, 3] = -size
        for back in (dequantize_mxfp4(*quantize_mxfp4(x)), dequantize_nvfp4(*quantize_nvfp4(x))):
            assert back.isfinite().all()
            assert (back - x).abs().max() <= max(0.25 * size, 1e-37)


def test_a_block_among_giants_is_lost_only_in_nvfp4():
    x = torch.ones(1, 64)
    x[0, :32] = 1e7
    assert (dequantize_mxfp4(*quantize_mxfp4(x))[0, 32:] == 1).all()
    assert (dequantize_nvfp4(*quantize_nvfp4(x))[0, 32:] == 0).all()


@pytest.mark.parametrize(("squeeze", "size"), [(quantize_mxfp4, 32), (quantize_nvfp4, 16)])
def test_what_does_not_fit_is_refused(squeeze, size):
    with pytest.raises(ValueError, match=rf"wanted rows of n \* {size} numbers, got \(3, 17\)"):
        squeeze(torch.ones(3, 17))
    with pytest.raises(ValueError, match=r"got \(\)"):
        squeeze(torch.tensor(1.0))
    with pytest.raises(ValueError, match=r"got \(0, 32\)"):
        squeeze(torch.ones(0, 32))
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="wanted finite numbers"):
            squeeze(torch.full((3, 32), bad))
