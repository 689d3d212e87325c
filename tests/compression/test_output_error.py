import pytest
import torch

from snippets.compression.output_error import best_rounding, layer_error
from tests.shapes import check_shapes

N, D = 23, 7


def alike(device, seed=0):
    """Inputs that move together, as a layer's inputs often do."""
    torch.manual_seed(seed)
    return torch.randn(N, 1, device=device) + 0.5 * torch.randn(N, D, device=device)


def test_layer_error_agrees_with_a_loop(device):
    weight, rounded, inputs = (torch.randn(*s, device=device) for s in [(D,), (D,), (N, D)])
    got, _ = check_shapes(layer_error, weight, rounded, inputs)
    squares = [
        sum((r - w) * x for w, r, x in zip(weight.tolist(), rounded.tolist(), row, strict=True))
        ** 2
        for row in inputs.tolist()
    ]
    assert got == pytest.approx((sum(squares) / N) ** 0.5, rel=1e-4)


def test_no_single_flip_improves_the_best(device):
    weight, inputs = 3 * torch.randn(D, device=device), alike(device)
    best, _ = check_shapes(best_rounding, weight, inputs)
    assert ((best - weight).abs() < 1).all()
    for i in range(D):
        other = best.clone()
        other[i] = weight[i].floor() + weight[i].ceil() - best[i]
        assert layer_error(weight, other, inputs) >= layer_error(weight, best, inputs)


def test_unrelated_inputs_make_nearest_the_best(device):
    weight = 3 * torch.randn(D, device=device)
    assert torch.equal(best_rounding(weight, torch.eye(D, device=device)), weight.round())


def test_too_many_ways_are_refused():
    with pytest.raises(ValueError, match="at most 12 weights .* got 13"):
        best_rounding(torch.ones(13), torch.ones(2, 13))


def test_page_says_worse_weights_can_give_better_outputs(device):
    bill, together = torch.full((3,), 0.4, device=device), torch.ones(1, 3, device=device)
    best, nearest = best_rounding(bill, together), bill.round()
    assert layer_error(bill, nearest, together) == pytest.approx(1.2)
    assert layer_error(bill, best, together) == pytest.approx(0.2)
    assert (best - bill).norm() > 1.1 * (nearest - bill).norm()


def test_page_says_choosing_together_beats_nearest_by_far():
    for seed in range(3):
        inputs = alike("cpu", seed)
        weights = 3 * torch.randn(13, D)
        best = sum(layer_error(w, best_rounding(w, inputs), inputs) for w in weights)
        assert best < 0.8 * sum(layer_error(w, w.round(), inputs) for w in weights)
