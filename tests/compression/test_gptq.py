from itertools import product

import pytest
import torch

from snippets.compression.gptq import gptq, gptq_round
from snippets.compression.grid import minmax_grid, output_loss, round_to_nearest, to_grid


def layer(out=6, columns=32, n=200, seed=0):
    chance = torch.Generator().manual_seed(seed)
    weight = torch.randn(out, columns, generator=chance)
    mix = torch.randn(columns, columns, generator=chance)
    return weight, torch.randn(n, columns, generator=chance) @ mix


@pytest.mark.parametrize("bits", [2, 3, 4])
def test_agrees_with_optimal_brain_quantization_step_by_step(bits):
    """Oracle: after every column, invert the Hessian of those that are left anew (in float64)."""
    weight, inputs = layer()
    hessian = (inputs.T @ inputs).double()
    hessian += 0.01 * hessian.diagonal().mean() * torch.eye(32, dtype=torch.float64)
    step, zero = minmax_grid(weight, bits)
    free, expected = weight.double().clone(), torch.empty_like(weight)
    for j in range(32):
        inverse = torch.linalg.inv(hessian[j:, j:])
        column = to_grid(free[:, j].float(), step[:, 0], zero[:, 0], bits)
        miss = (free[:, j] - column.double()) / inverse[0, 0]
        free[:, j + 1 :] -= miss[:, None] * inverse[0, 1:]
        expected[:, j] = column
    assert torch.allclose(gptq(weight, inputs, bits, group_size=32), expected, atol=1e-4)


@pytest.mark.parametrize("act_order", [False, True])
@pytest.mark.parametrize("group_size", [8, 12, 32, 100])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_loses_less_than_nearest_and_stays_on_the_grid(bits, group_size, act_order):
    weight, inputs = layer(seed=3)
    rounded = gptq(weight, inputs, bits, group_size, act_order)
    hessian = inputs.T @ inputs
    nearest = round_to_nearest(weight, bits, group_size)
    assert output_loss(weight, rounded, hessian) < output_loss(weight, nearest, hessian)
    for part in rounded.split(group_size, 1):
        assert all(len(row.unique()) <= 2**bits for row in part)


def test_saving_up_corrections_for_a_group_changes_nothing():
    """Every group of four spans the same range, so that only the bookkeeping differs."""
    weight, inputs = layer(seed=4)
    weight = weight.clamp(-1, 1) * 6
    weight[:, ::4], weight[:, 1::4] = -8.0, 7.0
    four, all_at_once = (gptq(weight, inputs, 4, size, act_order=True) for size in (4, 32))
    assert (four != weight).any()
    assert torch.allclose(four, all_at_once, atol=1e-4)


def test_unrelated_inputs_leave_nothing_to_make_up_for():
    weight = layer(seed=5)[0]
    loud = torch.diag(torch.rand(32) + 0.5)
    assert torch.allclose(gptq_round(weight, loud, 3, 8), round_to_nearest(weight, 3, 8))


def test_comes_nearer_to_the_best_of_all_combinations_than_to_nearest():
    """Oracle: all 2**10 ways to round ten weights down or up."""
    weight, inputs = layer(1, 10, 40, seed=6)
    hessian = inputs.T @ inputs
    step, zero = minmax_grid(weight, 3)
    down = (weight / step).floor()
    ways = [(down + torch.tensor([ups])) for ups in product((0.0, 1.0), repeat=10)]
    low, high = -4 - zero, 3 - zero
    best = min(output_loss(weight, way.clamp(low, high) * step, hessian) for way in ways)
    ours = output_loss(weight, gptq(weight, inputs, 3, 10), hessian)
    nearest = output_loss(weight, round_to_nearest(weight, 3, 10), hessian)
    assert ours - best < (nearest - best) / 2


def test_silent_inputs_do_no_harm():
    weight, inputs = layer(seed=7)
    inputs[:, 5] = 0
    assert gptq(weight, inputs, 4, 8).isfinite().all()
    assert torch.allclose(
        gptq(weight, torch.zeros_like(inputs), 4, 8), round_to_nearest(weight, 4, 8)
    )


@pytest.mark.parametrize(
    ("weight", "inputs", "bits", "group_size", "said"),
    [
        (torch.ones(2, 4), torch.ones(3, 5), 4, 2, r"got \(2, 4\) and \(3, 5\)"),
        (torch.ones(4), torch.ones(3, 4), 4, 2, "wanted a weight"),
        (torch.ones(2, 4), torch.ones(3, 4), 1, 2, "bits must be"),
        (torch.ones(2, 4), torch.ones(3, 4), 4, 0, "groups of at least 1"),
        (torch.ones(2, 4), torch.full((3, 4), torch.nan), 4, 2, "finite"),
        (torch.full((2, 4), torch.inf), torch.ones(3, 4), 4, 2, "finite"),
    ],
)
def test_bad_input_is_refused(weight, inputs, bits, group_size, said):
    with pytest.raises(ValueError, match=said):
        gptq(weight, inputs, bits, group_size)


def test_page_says_better_outputs_come_from_worse_weights():
    weight, inputs = layer(64, 64, 400, seed=8)
    nearest, ours = round_to_nearest(weight, 3, 64), gptq(weight, inputs, 3, 64)
    hessian = inputs.T @ inputs
    assert (ours - weight).norm() > 1.2 * (nearest - weight).norm()
    assert output_loss(weight, ours, hessian) < 0.6 * output_loss(weight, nearest, hessian)
