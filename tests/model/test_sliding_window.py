import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.attention import causal_attention
from snippets.model.sliding_window import (
    tokens_noticed,
    window_bill,
    window_mask,
    window_reach,
    windowed_attention,
)
from tests.shapes import check_shapes

B, H, G, T, D = 2, 15, 5, 13, 7


@pytest.mark.parametrize("window", [1, 3, 12, 13, 50])
def test_agrees_with_pytorch(device, window):
    q = torch.randn(B, H, T, D, device=device)
    k, v = torch.randn(2, B, G, T, D, device=device)
    near = [[0 <= t - s < window for s in range(T)] for t in range(T)]
    mask = torch.tensor(near, device=device)
    expected = scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    torch.testing.assert_close(windowed_attention(q, k, v, window), expected)


def test_a_window_of_everything_is_causal_attention(device):
    q, k, v = torch.randn(3, B, H, T, D, device=device)
    torch.testing.assert_close(windowed_attention(q, k, v, T), causal_attention(q, k, v))


@pytest.mark.parametrize("window", [1, 3, 13, 29])
def test_the_bill_agrees_with_counting(window):
    bill = window_bill(T, window, H, G, D)
    assert bill["scores"] == H * int(window_mask(T, window).sum())
    still_readable = window_mask(T + 1, window + 1)[-1, :-1].sum()
    assert bill["kept"] == sum(int(still_readable) * G * D for _ in ("keys", "values"))
    assert bill["operations"] == bill["scores"] * (2 * D + 2 * D)  # a product and a sum, twice


@pytest.mark.parametrize(("layers", "window"), [(1, 2), (2, 5), (3, 4), (5, 3), (4, 1)])
def test_the_reach_agrees_with_walking_through_the_mask(layers, window):
    n = 23
    paths = torch.linalg.matrix_power(window_mask(n, window).double(), layers)[-1] > 0
    noticed, _ = check_shapes(tokens_noticed, layers, window, n)
    assert noticed == paths.tolist()
    assert sum(noticed) == window_reach(layers, window)
    assert noticed[-window_reach(layers, window) :] == [True] * window_reach(layers, window)


def test_page_says_a_window_cuts_scores_and_sharing_cuts_what_is_kept():
    full, shared = (window_bill(16_384, 16_384, 9, kv, 64) for kv in (9, 3))
    narrow, both = (window_bill(16_384, 1_024, 9, kv, 64) for kv in (9, 3))
    assert shared["scores"] == full["scores"] > 8 * narrow["scores"] == 8 * both["scores"]
    assert shared["kept"] * 3 == full["kept"] == 16 * narrow["kept"] == 48 * both["kept"]
    assert window_bill(32_768, 1_024, 9, 3, 64)["scores"] < 2.1 * both["scores"]  # linear


def test_page_says_ten_tokens_of_twelve():
    assert tokens_noticed(3, 4, 12) == [False] * 2 + [True] * 10


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="the token itself, got 0"):
        window_mask(T, 0)
