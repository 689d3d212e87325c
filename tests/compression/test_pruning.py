import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from snippets.compression.pruning import prune_magnitude, smallest
from tests.shapes import check_shapes

OUT, IN = 7, 13


@pytest.mark.parametrize("sparsity", [0.1, 0.5, 0.9])
def test_agrees_with_pytorch_over_the_whole_matrix(device, sparsity):
    layer = nn.Linear(IN, OUT, bias=False, device=device)
    expected = prune.l1_unstructured(layer, "weight", amount=round(sparsity * IN * OUT)).weight
    pruned = prune_magnitude(layer.weight_orig, sparsity, by_row=False)
    assert torch.equal(pruned, expected)


@pytest.mark.parametrize("sparsity", [0.1, 0.5, 0.9])
def test_agrees_with_pytorch_row_by_row(device, sparsity):
    weight = torch.randn(OUT, IN, device=device)
    rows = []
    for row in weight:
        one = nn.Module()
        one.weight = nn.Parameter(row.clone())
        rows.append(prune.l1_unstructured(one, "weight", amount=round(sparsity * IN)).weight)
    assert torch.equal(prune_magnitude(weight, sparsity), torch.stack(rows).detach())


def test_of_equals_the_first_ones_go_and_every_row_loses_the_same():
    scores = torch.tensor([[1.0, 1.0, 1.0, 1.0, 0.0], [3.0, 2.0, 2.0, 2.0, 9.0]])
    marked = check_shapes(smallest, scores, 0.4)[0]
    assert marked.tolist() == [[True, False, False, False, True], [False, True, True, False, False]]
    many = torch.randint(3, (OUT, IN)).float()
    assert (smallest(many, 0.5).sum(1) == 6).all()


def test_what_stays_is_unchanged_and_larger_than_what_went(device):
    weight = torch.randn(OUT, IN, device=device)
    pruned = prune_magnitude(weight, 0.5)
    for before, after in zip(weight, pruned, strict=True):
        stays = after != 0
        assert torch.equal(before[stays], after[stays])
        assert before[stays].abs().min() > before[~stays].abs().max()


def test_the_ends_of_the_scale():
    weight = torch.randn(OUT, IN)
    assert torch.equal(prune_magnitude(weight, 0), weight)
    assert not prune_magnitude(weight, 1).any()


def test_page_says_zeros_take_as_many_bytes_as_other_numbers():
    weight = torch.randn(OUT, IN)
    assert prune_magnitude(weight, 0.5).nbytes == weight.nbytes == 4 * OUT * IN


@pytest.mark.parametrize("sparsity", [-0.1, 1.1, 50])
def test_what_is_no_share_is_refused(sparsity):
    with pytest.raises(ValueError, match=f"share from 0 to 1, got .*{sparsity}"):
        prune_magnitude(torch.ones(OUT, IN), sparsity)


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(ValueError, match="wanted finite scores"):
        smallest(torch.tensor([[1.0, float("nan")]]), 0.5)
