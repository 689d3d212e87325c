import pytest
import torch

from snippets.model.projections import project_qkv
from tests.shapes import check_shapes

T, C, D = 5, 11, 3


def inputs(device="cpu"):
    return [torch.randn(*s, device=device) for s in ((T, C), (C, D), (C, D), (C, D))]


def test_agrees_with_linear_layers(device):
    x, *matrices = inputs(device)
    got, checked = check_shapes(project_qkv, x, *matrices)
    for tensor, matrix in zip(got, matrices, strict=True):
        expected = torch.nn.functional.linear(x, matrix.mT)
        torch.testing.assert_close(tensor, expected)
    assert checked == 3


def test_each_token_is_projected_alone():
    x, *matrices = inputs()
    whole = project_qkv(x, *matrices)
    alone = project_qkv(x[2:3], *matrices)
    for all_rows, one_row in zip(whole, alone, strict=True):
        torch.testing.assert_close(all_rows[2:3], one_row)


def test_page_says_tokens_as_columns_give_features_by_features():
    x, w_q, w_k, w_v = inputs()
    q, k, _ = project_qkv(x, w_q, w_k, w_v)
    assert (q @ k.mT).shape == (T, T)
    assert ((w_q.mT @ x.mT) @ (w_k.mT @ x.mT).mT).shape == (D, D)
    with pytest.raises(RuntimeError):  # W_q times X does not even multiply
        w_q @ x


def test_page_says_weights_sum_to_one_and_sigmoids_do_not():
    q, k, _ = project_qkv(*inputs())
    scores = q @ k.mT / D**0.5
    torch.testing.assert_close(scores.softmax(-1).sum(-1), torch.ones(T))
    assert (scores < 0).any()
    assert ((scores.sigmoid().sum(-1) - 1).abs() > 0.01).all()


def test_tokens_as_columns_are_refused():
    x, *matrices = inputs()
    with pytest.raises(ValueError, match=r"rows of 11 numbers, got \(11, 5\)"):
        project_qkv(x.mT, *matrices)
