import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from sitebuild.book import Book
from snippets.compression.pruning import prune_magnitude
from snippets.compression.wanda import lost_output, prune_wanda, wanda_scores

OUT, IN, N = 5, 11, 17


def example(device="cpu"):
    weight, inputs = torch.randn(OUT, IN, device=device), torch.randn(N, IN, device=device)
    inputs *= torch.logspace(-1, 1, IN, device=device)  # quiet and loud channels
    return weight, inputs


def test_agrees_with_loops_by_hand(device):
    weight, inputs = example(device)
    pruned = prune_wanda(weight, inputs.norm(dim=0), 6 / IN)
    for i in range(OUT):
        scores = []
        for j in range(IN):
            energy = sum(float(inputs[n, j]) ** 2 for n in range(N))
            scores.append(abs(float(weight[i, j])) * energy**0.5)
        gone = sorted(range(IN), key=scores.__getitem__)[:6]
        assert [j for j in range(IN) if pruned[i, j] == 0] == sorted(gone)


def test_agrees_with_pytorch_given_the_same_scores():
    weight, inputs = example()
    scores = wanda_scores(weight, inputs.norm(dim=0))
    for row, row_scores, expected_from in zip(
        weight, scores, prune_wanda(weight, inputs.norm(dim=0), 6 / IN), strict=True
    ):
        one = nn.Module()
        one.weight = nn.Parameter(row.clone())
        prune.l1_unstructured(one, "weight", amount=6, importance_scores=row_scores)
        assert torch.equal(one.weight, expected_from)


def test_equally_loud_inputs_leave_magnitude(device):
    weight, _ = example(device)
    loudness = torch.full((IN,), 3.0, device=device)
    assert torch.equal(prune_wanda(weight, loudness, 0.5), prune_magnitude(weight, 0.5))


def test_a_silent_input_is_always_pruned_first(device):
    weight, inputs = example(device)
    weight[:, 4], inputs[:, 4] = 1000.0, 0.0
    assert not prune_wanda(weight, inputs.norm(dim=0), 1 / IN)[:, 4].any()


def test_page_says_a_small_weight_on_a_loud_input_matters_more():
    lost = {"magnitude": [], "wanda": []}
    for seed in range(20):
        torch.manual_seed(seed)
        weight, inputs = example()
        lost["magnitude"].append(lost_output(weight, prune_magnitude(weight, 0.5), inputs))
        pruned = prune_wanda(weight, inputs.norm(dim=0), 0.5)
        lost["wanda"].append(lost_output(weight, pruned, inputs))
    assert sum(lost["wanda"]) < 0.5 * sum(lost["magnitude"])


def test_page_says_unrelated_inputs_make_wanda_the_best_half():
    """If inputs are unrelated, no other half of a row's weights loses less output."""
    from itertools import combinations

    inputs = torch.linalg.qr(torch.randn(N, 6))[0] * torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    weight = torch.randn(1, 6)
    best = lost_output(weight, prune_wanda(weight, inputs.norm(dim=0), 0.5), inputs)
    for gone in combinations(range(6), 3):
        other = weight.clone()
        other[:, list(gone)] = 0
        assert best <= lost_output(weight, other, inputs) + 1e-6


def test_loudness_of_another_layer_is_refused():
    with pytest.raises(ValueError, match=r"each of 11 columns, got \(5,\)"):
        wanda_scores(torch.ones(OUT, IN), torch.ones(OUT))


def test_page_says_size_alone_loses_more_than_the_output():
    values = Book().result("compression.wanda")["values"]
    assert values["lost"]["magnitude"] > 1
    assert values["lost"]["Wanda"] < 0.25
