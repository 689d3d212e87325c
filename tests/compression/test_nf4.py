import pytest
import torch

from snippets.compression.nf4 import dequantize_nf4, nf4_levels, quantize_nf4


def test_levels_agree_with_bitsandbytes():
    from bitsandbytes.functional import get_4bit_type

    torch.testing.assert_close(nf4_levels(), get_4bit_type("nf4", "cpu"), rtol=0, atol=2e-7)


@pytest.mark.parametrize("block_size", [64, 128, 256])
def test_codes_and_scales_agree_with_bitsandbytes(block_size):
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    x = torch.randn(257, 512) * 0.02
    x[3], x[5, :7] = 0.0, 1.0
    packed, state = quantize_4bit(x, blocksize=block_size, quant_type="nf4")
    theirs = torch.stack([packed.flatten() >> 4, packed.flatten() & 15], 1).flatten()
    codes, absmax = quantize_nf4(x, block_size)
    torch.testing.assert_close(absmax, state.absmax.float())
    assert codes.shape == x.shape
    assert torch.equal(codes.flatten(), theirs)
    unpacked = dequantize_nf4(codes, absmax, block_size)
    torch.testing.assert_close(unpacked, dequantize_4bit(packed, state), rtol=1e-6, atol=1e-8)


def test_every_label_is_the_nearest():
    x = torch.randn(7, 64)
    codes, absmax = quantize_nf4(x)
    scaled = x / absmax[:, None]
    nearest = (scaled[..., None] - nf4_levels()).abs().argmin(-1)
    assert torch.equal(codes.long(), nearest)


def test_slices_of_the_bell_are_equally_heavy():
    """Between neighbours on one side lies the same share of the bell."""
    bell = torch.distributions.Normal(0, 1)
    widest = bell.icdf(torch.tensor(1 - (1 / 32 + 1 / 30) / 2))
    shares = bell.cdf(nf4_levels() * widest).diff()
    torch.testing.assert_close(shares[:7], shares[:1].expand(7), rtol=1e-4, atol=0)
    torch.testing.assert_close(shares[7:], shares[-1:].expand(8), rtol=1e-4, atol=0)


def test_page_says_nf4_beats_equal_distances_on_a_bell():
    x = torch.randn(4096, 64)
    step = x.abs().amax(1, keepdim=True) / 7
    even = ((x / step).round() * step - x).square().mean()
    codes, absmax = quantize_nf4(x)
    assert (dequantize_nf4(codes, absmax) - x).square().mean() < 0.8 * even
    used = codes.flatten().bincount(minlength=16)
    assert used.max() > 3 * used.min()  # not every label is used equally often


def test_the_last_block_may_be_short_and_zero_stays_zero(device):
    x = torch.randn(3, 43, device=device)
    x[0, :5] = 0
    codes, absmax = quantize_nf4(x)
    assert absmax.shape == (3,)  # 129 numbers are two blocks of 64 and one number
    back = dequantize_nf4(codes, absmax)
    assert back.shape == x.shape
    assert torch.equal(back[0, :5], x[0, :5])
    assert back.flatten()[-1] == x.flatten()[-1]
    zeros = torch.zeros(64, device=device)
    assert torch.equal(dequantize_nf4(*quantize_nf4(zeros)), zeros)


@pytest.mark.parametrize("bad", [torch.tensor([float("nan")]), torch.tensor([]), torch.ones(2) / 0])
def test_what_has_no_scale_is_refused(bad):
    with pytest.raises(ValueError, match="wanted finite numbers"):
        quantize_nf4(bad)


def test_a_block_of_nothing_is_refused():
    with pytest.raises(ValueError, match="block size of at least 1, got .* in blocks of 0"):
        quantize_nf4(torch.ones(3), 0)
