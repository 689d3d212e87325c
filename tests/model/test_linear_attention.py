from functools import partial

import pytest
import torch

from snippets.model.attention import causal_attention
from snippets.model.linear_attention import (
    linear_attention,
    linear_attention_steps,
    recall_by_reading,
)
from tests.shapes import check_shapes

B, H, T, D, E = 2, 3, 13, 5, 7


def qkv(device):
    options = {"device": device, "dtype": torch.float64 if device.type != "mps" else torch.float32}
    return [torch.randn(B, H, T, size, **options) for size in (D, D, E)]


@pytest.mark.parametrize("keep", [1.0, 0.8])
def test_agrees_with_loops(device, keep):
    q, k, v = qkv(device)
    table, _ = check_shapes(linear_attention, q, k, v, keep)
    steps, _ = check_shapes(linear_attention_steps, q, k, v, keep)
    expected = torch.zeros_like(v)
    for t in range(T):
        for s in range(t + 1):
            match = (q[:, :, t] * k[:, :, s]).sum(-1, keepdim=True)
            expected[:, :, t] += keep ** (t - s) * match * v[:, :, s]
    torch.testing.assert_close(table, expected)
    torch.testing.assert_close(steps, expected)


def test_page_says_table_and_state_are_equal_to_the_bit_on_whole_numbers():
    q, k, v = torch.randint(-9, 10, (3, B, H, T, D)).double()
    assert torch.equal(linear_attention(q, k, v), linear_attention_steps(q, k, v))


def test_the_future_cannot_change_the_past(device):
    q, k, v = qkv(device)
    for read in (linear_attention, linear_attention_steps):
        before = read(q, k, v)
        k2, v2 = k.clone(), v.clone()
        k2[:, :, -1], v2[:, :, -1] = 99.0, 99.0
        assert torch.equal(read(q, k2, v2)[:, :, :-1], before[:, :, :-1])


def test_page_says_the_state_fills_up_and_attention_does_not():
    def chance():
        return torch.Generator().manual_seed(11)

    def sharp(q, k, v):
        return causal_attention(q[..., -1:, :] * 4, k, v)

    few, more, many = (recall_by_reading(linear_attention, n, 16, chance()) for n in (4, 32, 64))
    assert few > 0.9 > more + 0.1
    assert many < min(0.5, more - 0.1)
    assert recall_by_reading(sharp, 64, 16, chance()) > 0.95
    assert recall_by_reading(linear_attention, 64, 64, chance()) > many + 0.3  # a larger card


def test_recall_counts_what_is_right():
    right_and_wrong = [
        lambda q, k, v, sign=sign: sign * v[..., q_place(q, k), :] for sign in (1, -1)
    ]
    shares = [
        recall_by_reading(read, 7, 32, torch.Generator().manual_seed(0)) for read in right_and_wrong
    ]
    assert shares == [1.0, 0.0]


def q_place(q, k):
    """Look the key up."""
    return (k[0, 0] == q[0, 0, -1]).all(-1).nonzero()[:1, 0]


@pytest.mark.parametrize("read", [linear_attention, linear_attention_steps])
def test_keeping_more_than_all_is_refused(read):
    with pytest.raises(ValueError, match="at most 1, got 1.5"):
        partial(read, keep=1.5)(*torch.zeros(3, 1, 1, 2, 3))
