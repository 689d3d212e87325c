import pytest
import torch

from snippets.compression.awq import awq, awq_scale
from snippets.compression.grid import output_loss, round_to_nearest


@pytest.fixture
def loud_layer():
    torch.manual_seed(0)
    weight, inputs = torch.randn(32, 64), torch.randn(300, 64)
    inputs[:, :2] *= 30
    return weight, inputs


@pytest.mark.parametrize("bits", [2, 3, 4])
@pytest.mark.parametrize("group_size", [16, 48, 64])
def test_loses_less_than_nearest_where_some_inputs_are_loud(loud_layer, bits, group_size):
    weight, inputs = loud_layer
    hessian = inputs.T @ inputs
    ours = output_loss(weight, awq(weight, inputs, bits, group_size), hessian)
    assert ours < 0.8 * output_loss(weight, round_to_nearest(weight, bits, group_size), hessian)


def test_one_try_is_plain_rounding(loud_layer):
    weight, inputs = loud_layer
    assert torch.allclose(
        awq(weight, inputs, 3, 16, tries=1), round_to_nearest(weight, 3, 16), atol=1e-6
    )


def test_more_tries_are_never_worse(loud_layer):
    weight, inputs = loud_layer
    hessian = inputs.T @ inputs
    losses = [output_loss(weight, awq(weight, inputs, 3, 16, t), hessian) for t in (1, 2, 4, 8)]
    assert losses == sorted(losses, reverse=True)


def test_undoing_the_scale_leaves_a_grid_of_few_labels(loud_layer):
    """In every group, what was rounded has at most 2**bits different values."""
    weight, inputs = loud_layer
    rounded = awq(weight, inputs, 3, 16)
    candidates = [(rounded * awq_scale(inputs, n / 20)).split(16, 1) for n in range(20)]
    counts = [
        max(len((row / row.abs().max()).mul(1e4).round().unique()) for g in groups for row in g)
        for groups in candidates
    ]
    assert min(counts) <= 8


def test_scale_agrees_with_the_paper_by_hand():
    """Mean loudness to the power of the exponent, its range centred on 1."""
    inputs = torch.tensor([[1.0, -8.0], [3.0, 24.0]])  # means of sizes: 2 and 16
    assert awq_scale(inputs, 0.0).tolist() == [1.0, 1.0]
    raw = torch.tensor([2.0, 16.0]).sqrt()
    expected = raw / (raw[0] * raw[1]).sqrt()
    assert torch.allclose(awq_scale(inputs, 0.5), expected)


@pytest.mark.parametrize(
    ("inputs", "tries", "said"),
    [
        (torch.ones(3, 5), 20, r"\(2, 4\), \(3, 5\)"),
        (torch.ones(3, 4), 0, "0 tries"),
        (torch.full((3, 4), torch.inf), 20, "finite inputs"),
    ],
)
def test_bad_input_is_refused(inputs, tries, said):
    with pytest.raises(ValueError, match=said):
        awq(torch.ones(2, 4), inputs, 4, 2, tries)


def test_page_says_loudness_and_not_size_picks_the_columns_that_matter(loud_layer):
    weight, inputs = loud_layer
    hessian, nearest = inputs.T @ inputs, round_to_nearest(weight, 4, 64)
    losses = {}
    for name, rank in {"size": weight.norm(dim=0), "loudness": inputs.norm(dim=0)}.items():
        spared = nearest.clone()
        chosen = rank.topk(2).indices
        spared[:, chosen] = weight[:, chosen]
        losses[name] = output_loss(weight, spared, hessian)
    plain = output_loss(weight, nearest, hessian)
    assert losses["size"] > 0.8 * plain
    assert losses["loudness"] < 0.3 * plain
    assert output_loss(weight, awq(weight, inputs, 4), hessian) < 0.7 * plain
