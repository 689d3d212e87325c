import pytest
import torch

from snippets.model.norm_placement import (
    deep_model,
    first_loss,
    gradients_by_layer,
    mean_gradients,
)
from tests.shapes import check_shapes

B, T, L = 3, 7, 2


@pytest.mark.parametrize("norm_first", [True, False])
def test_agrees_with_finite_differences(norm_first):
    model = deep_model(L).double()
    ids, targets = torch.randint(97, (2, B, T))
    first_loss(model, ids, targets, norm_first).backward()
    for block in model.blocks:
        weight = block.ffn.down.weight
        step = 1e-5 * weight.grad / weight.grad.norm()
        with torch.no_grad():
            weight += step
            above = first_loss(model, ids, targets, norm_first)
            weight -= 2 * step
            below = first_loss(model, ids, targets, norm_first)
            weight += step
        slope = float(above - below) / 2e-5
        assert slope == pytest.approx(float(weight.grad.norm()), rel=1e-3)


def test_norms_first_is_what_the_model_itself_does():
    model, (ids, targets) = deep_model(L), torch.randint(97, (2, B, T))
    expected = torch.nn.functional.cross_entropy(model(ids).flatten(0, 1), targets.flatten())
    loss, checked = check_shapes(first_loss, model, ids, targets, True)
    torch.testing.assert_close(loss, expected)
    assert checked == 2
    check_shapes(first_loss, model, ids, targets, False)


def test_a_seed_repeats_and_another_differs():
    assert gradients_by_layer(2, True, 5) == gradients_by_layer(2, True, 5)
    assert gradients_by_layer(2, True, 5) != gradients_by_layer(2, True, 6)


def test_page_says_norm_first_shrinks_with_depth_and_norm_after_does_not():
    after = {depth: mean_gradients(depth, False) for depth in (6, 24)}
    before = {depth: mean_gradients(depth, True) for depth in (6, 24)}
    assert 0.8 < after[24][-1] / after[6][-1] < 1.4
    assert 0.4 < before[24][-1] / before[6][-1] < 0.6  # theory: 1 / sqrt(24 / 6)
    assert after[24][-1] > 3 * before[24][-1]
    assert after[24][0] > 2 * before[24][0]


def test_page_says_the_spread_over_seeds_is_small():
    runs = [[gradients_by_layer(24, first, s)[-1] for s in range(3)] for first in (True, False)]
    for run in runs:
        assert max(run) < 1.7 * min(run)
    assert min(runs[1]) > 2 * max(runs[0])


def test_no_layers_is_refused():
    with pytest.raises(ValueError, match="at least 1 layer, got 0"):
        gradients_by_layer(0, True, 0)
