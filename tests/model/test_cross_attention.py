import pytest
import torch
from torch import nn

from snippets.model.cross_attention import CrossAttention
from tests.shapes import check_shapes

B, T, S, C = 2, 3, 5, 7


def pytorchs(ours):
    theirs = nn.MultiheadAttention(C, 1, batch_first=True).to(ours.out.weight.device)
    parts = (ours.query, ours.key, ours.value)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
        theirs.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
    theirs.out_proj.load_state_dict(ours.out.state_dict())
    return theirs


def test_agrees_with_pytorch(device):
    ours = CrossAttention(C).to(device)
    asking, told = torch.randn(B, T, C, device=device), torch.randn(B, S, C, device=device)
    padding = torch.zeros(B, S, dtype=torch.bool, device=device)
    padding[0, 3:] = True
    expected = pytorchs(ours)(asking, told, told, key_padding_mask=padding)
    (read, weights), checked = check_shapes(ours.forward, asking, told, ~padding[:, None])
    torch.testing.assert_close(read, expected[0])
    torch.testing.assert_close(weights, expected[1])
    assert checked == 2


def test_between_a_text_and_itself_it_is_self_attention(device):
    ours, x = CrossAttention(C).to(device), torch.randn(B, T, C, device=device)
    past = torch.ones(T, T, dtype=torch.bool, device=device).tril()
    expected = pytorchs(ours)(x, x, x, attn_mask=~past)
    torch.testing.assert_close(ours(x, x, past), expected)


def test_page_says_rows_sum_to_one_and_there_is_no_triangle():
    everything = torch.ones(T, S, dtype=torch.bool)
    _, weights = CrossAttention(C)(torch.randn(B, T, C), torch.randn(B, S, C), everything)
    torch.testing.assert_close(weights.sum(-1), torch.ones(B, T))
    assert weights.min() > 0


def test_page_says_places_fit_vectors_and_not_word_numbers():
    numbers, places = torch.arange(S), torch.randn(S, C)
    assert (torch.randn(50, C)[numbers] + places).shape == (S, C)
    with pytest.raises(RuntimeError, match="must match"):
        numbers + places


def test_two_widths_are_refused():
    with pytest.raises(ValueError, match="wanted one width, got 7 and 11"):
        CrossAttention(C)(torch.zeros(B, T, C), torch.zeros(B, S, 11), torch.ones(T, S) > 0)
