import pytest
import torch

from snippets.basics.finite_differences import compare_slopes, nudged_slope
from snippets.basics.learning import new_learner


def test_a_slope_by_hand():
    x = torch.tensor([3.0, -2.0], dtype=torch.float64)
    for place, slope in ((0, 6.0), (1, -4.0)):  # of x squared
        found = nudged_slope(lambda: x.square().sum(), x, place, 1e-4)
        assert found == pytest.approx(slope)
    assert x.tolist() == [3.0, -2.0]


def test_backward_agrees_with_nudging_for_every_weight():
    model, ids = new_learner(53).double(), torch.randint(53, (3, 7))
    pairs = compare_slopes(model, ids, 1e-5)
    assert len(pairs) == len(list(model.parameters()))
    for exact, nudged in pairs:
        assert exact != 0
        assert nudged == pytest.approx(exact, rel=1e-5)


def test_a_wrong_gradient_would_be_noticed():
    model, ids = new_learner(53).double(), torch.randint(53, (3, 7))
    half = model.blocks[0].attention.value.weight
    half.register_hook(lambda gradient: gradient / 2)
    wrong = [e for e, n in compare_slopes(model, ids, 1e-5) if abs(e - n) > 1e-5 * abs(n)]
    assert len(wrong) == 1


def test_no_nudge_is_refused():
    with pytest.raises(ValueError, match="wanted a nudge above 0"):
        nudged_slope(lambda: torch.zeros(()), torch.zeros(2), 0, 0.0)
