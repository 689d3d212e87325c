import pytest
import torch

from snippets.compression.fake_quant import fake_quantize, train_roundings
from snippets.compression.output_error import best_rounding, layer_error

A, B, C = 7, 11, 13


def many(device, rows=211):
    """Also ties, huge values and values far outside."""
    x = 3 * torch.randn(rows, B, C, device=device)
    x[0] = torch.arange(B * C, device=device).view(B, C) / 2 - 30
    x[1] *= 1e4
    x[2] *= 1e-6
    return x


@pytest.mark.parametrize(("low", "high"), [(-127, 127), (-128, 127), (0, 255), (-7, 7), (-1, 1)])
@pytest.mark.parametrize(("scale", "zero"), [(0.37, 0), (0.5, 1), (0.013, 0), (1.0, 0)])
def test_bit_exact_against_pytorch_per_tensor(device, low, high, scale, zero):
    x, gradient = many(device), torch.randn(211, B, C, device=device)
    step, shift = (torch.tensor(float(v), device=device) for v in (scale, zero))
    ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    got = fake_quantize(ours, step, low, high, shift)
    wanted = torch.fake_quantize_per_tensor_affine(theirs, step, shift.int(), low, high)
    assert torch.equal(got, wanted)
    got.backward(gradient)
    wanted.backward(gradient)
    assert torch.equal(ours.grad, theirs.grad)
    assert (ours.grad == 0).any()  # something was clipped, and says so


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_bit_exact_against_pytorch_per_channel(device, axis):
    x = many(device, rows=A)
    count = x.shape[axis]
    scale = torch.rand(count, device=device) + 0.05
    zero = torch.randint(-3, 4, (count,), device=device, dtype=torch.int32)
    shape = [1] * 3
    shape[axis] = count
    ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    got = fake_quantize(ours, scale.view(shape), -8, 7, zero.float().view(shape))
    wanted = torch.fake_quantize_per_channel_affine(theirs, scale, zero, axis, -8, 7)
    assert torch.equal(got, wanted)
    got.sum().backward()
    wanted.sum().backward()
    assert torch.equal(ours.grad, theirs.grad)


def test_the_result_is_a_float_on_a_label(device):
    x = many(device)
    for dtype in (torch.float32, torch.float64):
        got = fake_quantize(x.to(dtype), torch.tensor(0.25, device=device, dtype=dtype), -7, 7)
        assert got.dtype == dtype
        assert torch.equal(got * 4, (got * 4).round())
        assert got.unique().numel() == 15


def test_round_has_no_gradient_and_straight_through_has(device):
    x = torch.linspace(-3.3, 3.3, 17, device=device, requires_grad=True)
    (plain,) = torch.autograd.grad(x.round().sum(), x)
    assert not plain.any()
    (straight,) = torch.autograd.grad(
        fake_quantize(x, torch.ones((), device=device), -9, 9).sum(), x
    )
    assert torch.equal(straight, torch.ones_like(x))


def test_senseless_grids_are_refused():
    for scale, low, high in ((0.0, -7, 7), (-1.0, -7, 7), (1.0, 7, 7)):
        with pytest.raises(ValueError, match=f"low < high, got low={low}, high={high}"):
            fake_quantize(torch.ones(2), torch.tensor(scale), low, high)


def test_page_says_training_through_round_moves_nothing_and_straight_through_does(device):
    one = torch.tensor(1.0, device=device)
    won, best = 0.0, 0.0
    for seed in range(3):
        torch.manual_seed(seed)
        weight = 3 * torch.randn(A, device=device)
        inputs = torch.randn(41, 1, device=device) + 0.5 * torch.randn(41, A, device=device)
        nearest = layer_error(weight, weight.round(), inputs)
        _, stuck = train_roundings(weight, inputs, torch.round, steps=60)
        assert stuck == [nearest] * 60
        found, errors = train_roundings(
            weight, inputs, lambda w: fake_quantize(w, one, -15, 15), steps=300
        )
        assert layer_error(weight, found, inputs) == min(errors) <= nearest
        won += nearest - min(errors)
        best += nearest - layer_error(weight, best_rounding(weight, inputs), inputs)
    assert 0.6 * best < won <= best + 1e-5
