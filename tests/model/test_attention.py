import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.attention import attention, causal_attention
from tests.shapes import check_shapes

B, H, T, S, D = 2, 3, 5, 7, 11


def qkv(device="cpu", dtype=torch.float32, lengths=(T, S, S)):
    return [torch.randn(B, H, n, D, device=device, dtype=dtype) for n in lengths]


def test_agrees_with_pytorch(device):
    q, k, v = qkv(device)
    got, checked = check_shapes(attention, q, k, v)
    torch.testing.assert_close(got, scaled_dot_product_attention(q, k, v))
    assert checked == 3


def test_the_mask_agrees_with_pytorch(device):
    q, k, v = qkv(device)
    mask = torch.rand(B, 1, T, S, device=device) < 0.5
    mask[..., 0] = True  # everybody may read something
    expected = scaled_dot_product_attention(q, k, v, attn_mask=mask)
    got, checked = check_shapes(attention, q, k, v, mask)
    torch.testing.assert_close(got, expected)
    assert checked == 3


def test_causal_agrees_with_pytorch(device):
    q, k, v = qkv(device)
    past = torch.ones(T, S, dtype=torch.bool, device=device).tril(S - T)
    expected = scaled_dot_product_attention(q, k, v, attn_mask=past)
    got, _ = check_shapes(causal_attention, q, k, v)
    torch.testing.assert_close(got, expected)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_dtype_and_device_are_kept(dtype):
    q, k, v = qkv(dtype=dtype)
    got = causal_attention(q, k, v)
    assert (got.dtype, got.device, got.shape) == (dtype, q.device, q.shape)
    exact = causal_attention(q.double(), k.double(), v.double())
    torch.testing.assert_close(got.double(), exact, atol=4 * torch.finfo(dtype).eps, rtol=0.02)


def test_the_future_cannot_change_the_past(device):
    q, k, v = qkv(device, lengths=(T, T, T))
    before = causal_attention(q, k, v)
    k[:, :, -1], v[:, :, -1] = 99.0, 99.0
    after = causal_attention(q, k, v)
    torch.testing.assert_close(after[:, :, :-1], before[:, :, :-1], atol=0, rtol=0)
    assert not torch.equal(after[:, :, -1], before[:, :, -1])


def test_rows_sum_to_one_and_the_future_weighs_nothing(device):
    q, k, _ = qkv(device)
    identity = torch.eye(S, device=device).expand(B, H, S, S)
    weights = causal_attention(q, k, identity)  # with V = I the output is the weights
    torch.testing.assert_close(weights.sum(-1), torch.ones(B, H, T, device=device))
    assert (weights.triu(S - T + 1) == 0).all()
    assert (weights.tril(S - T).sum(-1) > 0.999).all()


def test_gradients_agree_with_pytorch():
    ours, theirs = qkv(dtype=torch.float64), None
    theirs = [x.clone().requires_grad_() for x in ours]
    ours = [x.requires_grad_() for x in ours]
    attention(*ours).square().sum().backward()
    scaled_dot_product_attention(*theirs).square().sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad)


def test_page_says_pytorch_counts_from_the_other_corner():
    q, k, v = qkv()
    upper_left = scaled_dot_product_attention(q, k, v, is_causal=True)
    assert not torch.allclose(upper_left, causal_attention(q, k, v), atol=0.01)
    newest = scaled_dot_product_attention(q[:, :, -1:], k, v, is_causal=True)
    torch.testing.assert_close(newest, v[:, :, :1])  # it reads the oldest key only
    square = q, k[:, :, :T], v[:, :, :T]
    torch.testing.assert_close(
        scaled_dot_product_attention(*square, is_causal=True), causal_attention(*square)
    )


def test_page_says_one_new_query_reads_all_keys():
    q, k, v = qkv(lengths=(1, S, S))
    torch.testing.assert_close(causal_attention(q, k, v), attention(q, k, v))


def test_a_query_with_nothing_to_read_is_refused():
    mask = torch.ones(T, S, dtype=torch.bool)
    mask[2] = False
    with pytest.raises(ValueError, match="1 rows of the mask allow nothing"):
        attention(*qkv(), mask)
    plain = (torch.zeros(T, S).masked_fill(~mask, float("-inf"))).softmax(-1)
    assert plain[2].isnan().all()  # what would have gone on silently


def test_a_mask_of_numbers_is_refused():
    with pytest.raises(ValueError, match="mask must be bool"):
        attention(*qkv(), torch.ones(T, S))


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(\.\.\., 5, 7\), got torch.bool \(7, 5\)"):
        attention(*qkv(), torch.ones(S, T, dtype=torch.bool))


def test_more_queries_than_keys_is_refused():
    with pytest.raises(ValueError, match="T=5 > S=4"):
        causal_attention(torch.zeros(1, 1, 5, 1), torch.zeros(1, 1, 4, 1), torch.zeros(1, 1, 4, 1))


@pytest.mark.parametrize("lengths", [(T, S, S - 1), (T, 0, 0)])
def test_keys_without_values_are_refused(lengths):
    with pytest.raises(ValueError, match="with S > 0"):
        attention(*qkv(lengths=lengths))


def test_page_says_tied_scores_give_plain_means(device):
    tied = torch.zeros(1, 1, 4, 4, device=device)
    v = torch.tensor([2.0, 4.0, 6.0, 8.0], device=device).view(1, 1, 4, 1)
    assert causal_attention(tied, tied, v).flatten().tolist() == pytest.approx([2, 3, 4, 5])
