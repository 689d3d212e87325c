import pytest
import torch

from snippets.compression.bits_per_weight import bits_per_weight, fewest_bits
from snippets.compression.integer import dequantize_integer, quantize_absmax


@pytest.mark.parametrize(("block", "scale"), [(32, torch.float32), (7, torch.float16)])
def test_agrees_with_the_bytes_of_tensors(block, scale):
    q, scales = torch.zeros(11, block, dtype=torch.int8), torch.zeros(11, 1, dtype=scale)
    measured = (q.nbytes + scales.nbytes) * 8 / q.numel()
    assert bits_per_weight(8, block, scales.itemsize * 8) == pytest.approx(measured)


def test_one_bit_fewer_is_not_enough(device):
    x = torch.randn(31, 37, device=device)
    bits = fewest_bits(x, 0.01)
    errors = [dequantize_integer(*quantize_absmax(x, b)) - x for b in (bits - 1, bits)]
    before, after = (error.norm() / x.norm() for error in errors)
    assert after < 0.01 <= before


def test_senseless_requests_are_refused():
    with pytest.raises(ValueError, match="got 4, 0 and 16"):
        bits_per_weight(4, 0)
    with pytest.raises(ValueError, match="16 bits are too few"):
        fewest_bits(torch.randn(97), 1e-9)


def test_page_says_scales_make_four_bits_four_and_a_half():
    assert bits_per_weight(4, 32) == 4.5


def test_page_says_a_thousandth_takes_four_bits_more_than_eight():
    for seed in range(3):
        source = torch.Generator().manual_seed(seed)
        assert fewest_bits(0.02 * torch.randn(512, 512, generator=source), 0.001) == 12


def test_page_says_the_same_scale_weighs_twice_as_much_at_four_bits():
    overhead = {bits: bits_per_weight(bits, 32) / bits - 1 for bits in (4, 8)}
    assert overhead[4] == pytest.approx(2 * overhead[8])


def test_page_says_three_bits_answer_the_first_exercise():
    readings = torch.tensor([-3.1, 0.9, 6.3, 2.6])
    q, step = quantize_absmax(readings, 3)
    assert q.tolist() == [-1, 0, 3, 1]
    assert step.item() == pytest.approx(2.1)
    worst = (dequantize_integer(q, step) - readings).abs().max().item()
    assert worst == pytest.approx(1)
    assert worst < step / 2
