import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.inference.kv_sharing import share_heads
from tests.shapes import check_shapes

B, G, H, S, D = 2, 3, 15, 7, 11


def test_sharing_is_what_pytorch_calls_gqa(device):
    q = torch.randn(B, H, S, D, device=device)
    k, v = (torch.randn(B, G, S, D, device=device) for _ in range(2))
    expected = scaled_dot_product_attention(q, k, v, enable_gqa=True)
    ours = scaled_dot_product_attention(q, share_heads(k, H), share_heads(v, H))
    torch.testing.assert_close(ours, expected)


def test_neighbours_share():
    first_six = share_heads(torch.arange(2.0).view(1, 2, 1, 1), 6).flatten().tolist()
    assert first_six == [0, 0, 0, 1, 1, 1]


def test_as_many_heads_as_notes_changes_nothing():
    kv = torch.randn(B, G, S, D)
    assert torch.equal(share_heads(kv, G), kv)


def test_shapes_are_as_commented():
    kv = torch.randn(B, G, S, D)
    shared, checked = check_shapes(share_heads, kv, H)
    assert shared.shape == (B, H, S, D)
    assert checked == 1


def test_uneven_groups_are_refused():
    with pytest.raises(ValueError, match="7 query heads cannot share 3"):
        share_heads(torch.zeros(B, G, S, D), 7)


def test_page_says_sharing_saves_by_the_number_of_heads():
    stored = {groups: torch.empty(2, groups, 1, 128).nbytes for groups in (8, 2, 1)}
    assert stored[8] == 4 * stored[2] == 8 * stored[1]
