import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.attention import attention
from snippets.model.flash import online_softmax, tiled_attention
from tests.shapes import check_shapes

B, H, T, S, D = 2, 3, 5, 7, 11


def qkv(device="cpu", dtype=torch.float32):
    return [torch.randn(B, H, n, D, device=device, dtype=dtype) for n in (T, S, S)]


@pytest.mark.parametrize("block", [1, 2, 3, 5, 6, 7, 8, 1000])
def test_page_says_exact_for_any_tile(device, block):
    q, k, v = qkv(device)
    got = tiled_attention(q, k, v, block)
    torch.testing.assert_close(got, scaled_dot_product_attention(q, k, v), atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(got, attention(q, k, v), atol=1e-6, rtol=1e-5)


def test_exact_to_fifteen_digits_in_float64():
    q, k, v = qkv(dtype=torch.float64)
    gap = (tiled_attention(q, k, v, 3) - attention(q, k, v)).abs().max()
    assert gap < 1e-14


def test_huge_scores_do_not_overflow(device):
    q, k, v = qkv(device)
    got = tiled_attention(300 * q, 300 * k, v, 2)  # exp of these scores is infinite
    assert got.isfinite().all()
    torch.testing.assert_close(got, attention(300 * q, 300 * k, v))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_dtype_is_kept(dtype):
    q, k, v = qkv(dtype=dtype)
    got = tiled_attention(q, k, v, 3)
    assert got.dtype == dtype
    exact = attention(q.double(), k.double(), v.double())
    torch.testing.assert_close(got.double(), exact, atol=2 * torch.finfo(dtype).eps, rtol=0.01)


def test_running_sums_keep_their_digits():
    """Five hundred tiles in bfloat16: sums kept in bfloat16 would drift by percents."""
    q, k, v = (torch.randn(1, 1, n, D, dtype=torch.bfloat16) for n in (T, 499, 499))
    exact = attention(q.double(), k.double(), v.double() + 1)
    got = tiled_attention(q, k, (v.double() + 1).bfloat16(), 1)
    torch.testing.assert_close(got.double(), exact, atol=0.006, rtol=0)


def test_the_running_average_equals_softmax_at_every_step():
    scores = torch.randn(B, T, S, dtype=torch.float64) * 9
    values = torch.randn(B, S, D, dtype=torch.float64)
    state = None
    for end in range(1, S + 1):
        tile = slice(end - 1, end)
        state, checked = check_shapes(online_softmax, state, scores[..., tile], values[:, tile])
        expected = scores[..., :end].softmax(-1) @ values[:, :end]
        torch.testing.assert_close(state[2] / state[1], expected)
        assert checked == (4 if end == 1 else 5)


def test_page_says_the_average_runs_to_23_75():
    assert (1 * 10 + 3 * 20) / 4 == 17.5
    scores = torch.tensor([1.0, 3.0, 4.0]).log()
    average = float(scores.softmax(0) @ torch.tensor([10.0, 20.0, 30.0]))
    assert average == pytest.approx((1 * 10 + 3 * 20 + 4 * 30) / 8)


def test_gradients_agree():
    ours = [x.requires_grad_() for x in qkv(dtype=torch.float64)]
    theirs = [x.detach().clone().requires_grad_() for x in ours]
    tiled_attention(*ours, 3).square().sum().backward()
    scaled_dot_product_attention(*theirs).square().sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad)


def test_an_empty_tile_is_refused():
    with pytest.raises(ValueError, match="block=0"):
        tiled_attention(*qkv(), 0)


def test_keys_without_values_are_refused():
    q, k, v = qkv()
    with pytest.raises(ValueError, match="with S > 0"):
        tiled_attention(q, k, v[:, :, 1:], 2)


def test_page_says_a_fourth_review_counts_as_much_as_the_three():
    scores = torch.tensor([1.0, 3.0, 4.0, 8.0]).log()
    average = float(scores.softmax(0) @ torch.tensor([10.0, 20.0, 30.0, 40.0]))
    assert average == pytest.approx((23.75 + 40) / 2)
