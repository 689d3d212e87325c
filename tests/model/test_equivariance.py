import pytest
import torch

from snippets.model.equivariance import read_everything, read_past, shuffle_gap
from tests.shapes import check_shapes

T, D = 7, 11
ORDER = [3, 0, 6, 1, 5, 2, 4]


def test_agrees_with_multihead_attention():
    """An independent layer with the same symmetry: PyTorch's own, without positions."""
    layer = torch.nn.MultiheadAttention(D, 1, batch_first=True).double().requires_grad_(False)
    x = torch.randn(T, D, dtype=torch.float64)
    assert shuffle_gap(lambda x: layer(x[None], x[None], x[None])[0][0], x, ORDER) < 1e-12


def test_page_says_order_is_invisible_without_positions(device):
    x = torch.randn(T, D, device=device)
    gap, checked = check_shapes(shuffle_gap, read_everything, x, ORDER)
    assert gap < 1e-5
    assert checked == 2


def test_page_says_positions_make_order_visible():
    x, seats = torch.randn(2, T, D)
    assert shuffle_gap(lambda x: read_everything(x + seats), x, ORDER) > 0.1


def test_page_says_a_causal_mask_makes_order_visible():
    assert shuffle_gap(read_past, torch.randn(T, D), ORDER) > 0.1


def test_order_must_be_a_permutation():
    with pytest.raises(ValueError, match=r"permutation of 0\.\.6"):
        shuffle_gap(read_everything, torch.randn(T, D), [0, 0, 1, 2, 3, 4, 5])
