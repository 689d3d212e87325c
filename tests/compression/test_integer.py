import numpy as np
import pytest
import torch
from torch.ao.quantization import MinMaxObserver, PerChannelMinMaxObserver

from snippets.compression.integer import dequantize_integer, quantize_absmax, quantize_affine
from tests.shapes import check_shapes

A, B, C = 3, 5, 7  # distinct primes: swapping two axes cannot pass by luck


def awkward(device):
    """One-sided, two-sided, huge, tiny, constant and all-zero groups, one per row."""
    x = torch.randn(11, 13, device=device)
    x[1], x[2], x[3], x[4] = x[1].abs(), -x[2].abs() - 3, x[3] * 1e30, x[4] * 1e-30
    x[5], x[6], x[7], x[8] = 0.0, 0.7, -2.5, 1e-42
    x[9] = x[9].sign() * 1e38
    return x


@pytest.mark.parametrize("bits", [2, 3, 4, 7, 8])
def test_absmax_agrees_with_pytorch(device, bits):
    x, top = torch.randn(A, B, C, device=device), 2 ** (bits - 1) - 1
    q, scale = quantize_absmax(x, bits)
    expected = torch.fake_quantize_per_tensor_affine(x, scale.item(), 0, -top, top)
    torch.testing.assert_close(q * scale, expected)
    assert scale.item() == pytest.approx(x.abs().max().item() / top)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_absmax_per_axis_agrees_with_numpy(device, axis):
    x = torch.randn(A, B, C, device=device)
    q, scale = quantize_absmax(x, axis=axis)
    for index in range(x.shape[axis]):
        part = x.select(axis, index).cpu().numpy().astype(np.float64)
        step = np.abs(part).max() / 127
        assert scale.flatten()[index].item() == pytest.approx(step)
        np.testing.assert_array_equal(q.select(axis, index).cpu(), np.rint(part / step))


def test_affine_agrees_with_pytorch_observer():
    x = torch.randn(A, B) + 0.8
    observer = MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_affine)
    observer(x)
    wanted_scale, wanted_zero = observer.calculate_qparams()
    q, scale, zero = quantize_affine(x)
    torch.testing.assert_close(scale.flatten(), wanted_scale)
    assert zero.item() == wanted_zero.item()
    expected = torch.fake_quantize_per_tensor_affine(x, wanted_scale, wanted_zero, -128, 127)
    torch.testing.assert_close((q - zero) * scale, expected)


def test_affine_per_channel_agrees_with_pytorch_observer():
    x = torch.randn(A, B) + torch.tensor([-9.0, 0.3, 9.0])[:, None]
    observer = PerChannelMinMaxObserver(0, torch.qint8, torch.per_channel_affine)
    observer(x)
    wanted_scale, wanted_zero = observer.calculate_qparams()
    _, scale, zero = quantize_affine(x, axis=0)
    torch.testing.assert_close(scale.flatten(), wanted_scale)
    assert zero.flatten().tolist() == wanted_zero.tolist()


@pytest.mark.parametrize("bits", [2, 3, 5, 8, 12])
@pytest.mark.parametrize("axis", [0, 1, None])
def test_error_is_half_a_step_at_most(device, bits, axis):
    x = awkward(device)
    slack = 1 + 2 ** (bits - 22)  # float32 itself rounds too
    q, scale = quantize_absmax(x, bits, axis)
    assert ((q * scale - x).abs() <= 0.5 * slack * scale).all()
    q, scale, zero = quantize_affine(x, bits, axis)
    assert (((q - zero) * scale - x).abs() <= 0.5 * slack * scale).all()


def test_zero_stays_exactly_zero(device):
    x = awkward(device)
    x[:, 4] = 0.0
    q, scale, zero = quantize_affine(x, 4, axis=0)
    assert ((q - zero) * scale)[:, 4].abs().max() == 0
    q, scale = quantize_absmax(x, 4, axis=0)
    assert (q * scale)[:, 4].abs().max() == 0


@pytest.mark.parametrize("bits", [2, 4, 8, 9, 16])
def test_integers_fit_their_bits(device, bits):
    x = awkward(device)[:9]
    q, _ = quantize_absmax(x, bits, axis=0)
    assert q.abs().max() == 2 ** (bits - 1) - 1
    q, _, zero = quantize_affine(x, bits, axis=0)
    assert q.min() == -(2 ** (bits - 1))
    assert q.max() == 2 ** (bits - 1) - 1
    assert zero.min() >= -(2 ** (bits - 1))
    assert q.element_size() == (1 if bits <= 8 else 2)


def test_all_zeros_come_back_as_zeros(device):
    x = torch.zeros(A, B, device=device)
    for q, scale, *zero in (quantize_absmax(x), quantize_affine(x), quantize_absmax(x, axis=1)):
        assert torch.equal(dequantize_integer(q, scale, *zero), x)


def test_a_constant_comes_back(device):
    for value in (5.0, -0.3):
        x = torch.full((A, B), value, device=device)
        torch.testing.assert_close(dequantize_integer(*quantize_absmax(x)), x)
        torch.testing.assert_close(dequantize_integer(*quantize_affine(x)), x)


def test_subtracting_the_zero_point_does_not_overflow(device):
    x = torch.linspace(0, 1, 17, device=device)
    for flat in (x, x[-1]):  # also for a tensor without axes
        q, scale, zero = quantize_affine(flat)
        torch.testing.assert_close((q - zero) * scale, flat, atol=scale.max().item() / 2, rtol=0)
    assert (q.dtype, zero.dtype) == (torch.int8, torch.int32)


def test_what_lies_on_the_grid_does_not_move(device):
    q, scale = quantize_absmax(torch.randn(A, B, C, device=device), bits=4, axis=1)
    again, scale_again = quantize_absmax(q * scale, bits=4, axis=1)
    assert torch.equal(again, q)
    torch.testing.assert_close(scale_again, scale)


def test_one_scale_per_index_of_a_lone_axis(device):
    q, scale = quantize_absmax(torch.tensor([1.0, -8.0, 0.0], device=device), axis=0)
    assert q.tolist() == [127, -127, 0]
    assert scale.shape == (3,)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_short_floats_are_worked_on_in_float32(device, dtype):
    x = torch.randn(A, B, device=device).to(dtype)
    q, scale = quantize_absmax(x, axis=0)
    assert scale.dtype == torch.float32
    assert ((q * scale - x.float()).abs() <= 0.501 * scale).all()


def test_shape_comments(device):
    x = torch.randn(A, B, C, device=device)
    assert check_shapes(quantize_absmax, x, 4, 1)[0][1].shape == (1, B, 1)
    assert check_shapes(quantize_affine, x, 4, -1)[0][2].shape == (1, 1, C)


def test_page_says_lopsided_numbers_waste_a_sign():
    x = torch.randn(4099).relu()
    absmax = (dequantize_integer(*quantize_absmax(x, 4)) - x).square().mean()
    affine = (dequantize_integer(*quantize_affine(x, 4)) - x).square().mean()
    assert affine < 0.4 * absmax


@pytest.mark.parametrize("quantize", [quantize_absmax, quantize_affine])
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_refused(quantize, bad):
    with pytest.raises(ValueError, match="finite"):
        quantize(torch.tensor([1.0, bad]))


@pytest.mark.parametrize("quantize", [quantize_absmax, quantize_affine])
def test_senseless_requests_are_refused(quantize):
    for bits in (-1, 0, 1, 17, 2.5):
        with pytest.raises(ValueError, match=f"from 2 to 16, got {bits}"):
            quantize(torch.ones(2), bits)
    for axis in (-3, 2):
        with pytest.raises(ValueError, match=f"got {axis}"):
            quantize(torch.ones(2, 3), 8, axis)
    with pytest.raises(ValueError, match="not empty"):
        quantize(torch.ones(0, 3))


def test_page_says_the_hand_worked_lists_come_out_so():
    q, step = quantize_absmax(torch.tensor([0.4, -2.3, 7.0, 3.6]), 4)
    assert (q.tolist(), step.item()) == ([0, -2, 7, 4], 1)
    prices = torch.tensor([0.0, 1.2, 7.5, 3.6])
    _, step, zero = quantize_affine(prices, 4)
    assert (step.item(), zero.item()) == (0.5, -8)
    assert 0.45 < step / quantize_absmax(prices, 4)[1] < 0.55
