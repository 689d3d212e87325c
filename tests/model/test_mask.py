import math

import pytest
import torch
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.attention import causal_attention
from snippets.model.mask import causal_bias, rows_beside_weights

T, D = 5, 11


def test_adding_the_bias_agrees_with_causal_attention(device):
    q, k, v = (torch.randn(2, 3, T, D, device=device) for _ in range(3))
    bias = causal_bias(T).to(device)
    expected = ((q @ k.mT) / D**0.5 + bias).softmax(-1) @ v
    torch.testing.assert_close(causal_attention(q, k, v), expected)
    theirs = scaled_dot_product_attention(q, k, v, attn_mask=causal_lower_right(T, T))
    torch.testing.assert_close(theirs, expected)


def test_the_mask_holds_only_zero_and_minus_infinity():
    bias = causal_bias(T)
    assert set(bias.flatten().tolist()) == {0.0, -math.inf}
    assert (bias == 0).sum() == T * (T + 1) // 2


def test_page_says_adding_keeps_every_row_at_one():
    weights = (torch.randn(T, T) + causal_bias(T)).softmax(-1)
    torch.testing.assert_close(weights.sum(-1), torch.ones(T))
    assert (weights.triu(1) == 0).all()


def test_page_says_multiplying_breaks_in_three_ways():
    infinity = -math.inf
    assert math.isnan(0.0 * infinity)
    assert -1.0 * infinity == math.inf
    row = torch.tensor([[1.0, 0.0, -1.0], [2.0, 1.0, 3.0], [0.0, 1.0, 1.0]])
    broken = (row * causal_bias(3)).softmax(-1)
    assert broken[0].isnan().all()
    assert broken[1].tolist() == pytest.approx([0.5, 0.5, 0])  # scores 2 and 1 were wiped out
    assert broken[2].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_page_says_multiplying_by_zero_leaks():
    scores = torch.tensor([1.0, 0.0, -1.0])
    leak = (scores * torch.tensor([1.0, 0.0, 0.0])).softmax(-1)[1:].sum()
    assert 0.4 < leak < 0.45


def test_a_row_stands_beside_its_weights():
    (line,) = rows_beside_weights(torch.tensor([[0.0, -math.inf]]))
    assert line.split() == ["0.0", "-inf", "|", "1.00", "0.00"]
    (line,) = rows_beside_weights(torch.tensor([[math.nan, 1.0]]))
    assert line.split() == ["nan", "1.0", "|", "nan", "nan"]


def test_no_positions_are_refused():
    with pytest.raises(ValueError, match="at least 1 position, got 0"):
        causal_bias(0)
