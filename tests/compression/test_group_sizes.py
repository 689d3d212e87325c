import pytest
import torch
from torch import nn

from sitebuild.book import Book
from snippets.compression.group_sizes import round_in_groups
from snippets.model.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(23, 24, 2, 3, 1, 8, 48, 29)


@pytest.mark.parametrize("group", [None, 24, 8, 6])
def test_cost_agrees_with_a_count_of_scales(group):
    model = Transformer(CONFIG)
    layers = [part for part in model.modules() if isinstance(part, nn.Linear)]
    before = [layer.weight.clone() for layer in layers]
    cost = round_in_groups(model, 3, group)
    scales = weights = 0
    for layer, old in zip(layers, before, strict=True):
        groups = old.reshape(1, -1) if group is None else old.reshape(-1, group)
        step = groups.abs().amax(1, keepdim=True) / 3
        expected = (groups / step).round().clamp(-3, 3) * step
        torch.testing.assert_close(layer.weight.detach().reshape(groups.shape), expected)
        scales, weights = scales + len(groups), weights + old.numel()
    assert cost == pytest.approx((3 * weights + 16 * scales) / weights)


def test_groups_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="block must divide 24 columns, got 7"):
        round_in_groups(Transformer(CONFIG), 3, 7)


def test_page_says_fewer_sharers_cost_more_bits_and_lose_less():
    values = Book().result("compression.group_sizes")["values"]
    costs, losses = ([row[what] for row in values["rows"]] for what in ("cost", "loss"))
    assert costs == sorted(set(costs))
    assert losses == sorted(set(losses), reverse=True)
    assert losses[-1] > values["float_loss"]
    assert losses[0] - losses[1] > 0.3  # the first step down the ladder is the largest
    assert losses[0] - losses[1] > losses[1] - losses[-1]
