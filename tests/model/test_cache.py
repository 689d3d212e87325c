import pytest
import torch

from snippets.model.cache import KVCache, reading_mask
from tests.shapes import check_shapes

L, B, G, ROOM, D = 2, 3, 5, 11, 7


def test_parts_come_back_as_one(device):
    cache = KVCache((L, B, G, ROOM, D), torch.zeros((), device=device))
    k, v = torch.randn(2, L, B, G, ROOM, D, device=device)
    for start, end in ((0, 4), (4, 5), (5, 11)):
        for layer in range(L):
            new = slice(start, end)
            keys, values = cache.append(layer, k[layer, :, :, new], v[layer, :, :, new])
            torch.testing.assert_close(keys, k[layer, :, :, :end])
            torch.testing.assert_close(values, v[layer, :, :, :end])
        cache.length = end


def test_bytes_follow_the_formula():
    for dtype, size in ((torch.float32, 4), (torch.bfloat16, 2)):
        cache = KVCache((L, B, G, ROOM, D), torch.zeros((), dtype=dtype))
        assert cache.nbytes == 2 * L * B * G * ROOM * D * size


def test_more_than_fits_is_refused_and_nothing_is_spoilt():
    cache = KVCache((L, B, G, 3, D), torch.zeros(()))
    with pytest.raises(ValueError, match="room for 3 tokens, this would be 4"):
        cache.append(0, torch.ones(B, G, 4, D), torch.ones(B, G, 4, D))
    assert cache.store.abs().sum() == 0


@pytest.mark.parametrize(("new", "total"), [(5, 5), (2, 5), (1, 5), (1, 1)])
def test_a_token_reads_itself_and_its_past(device, new, total):
    mask = reading_mask(new, total, True, None, device)
    expected = [[j <= total - new + i for j in range(total)] for i in range(new)]
    if mask is None:
        assert all(map(all, expected))
    else:
        assert mask.tolist() == expected


def test_padding_is_read_by_nobody_but_itself(device):
    readable = torch.tensor([[False, False, True, True, True], [True] * 5], device=device)
    for causal in (True, False):
        for new in (1, 3, 5):
            mask, _ = check_shapes(reading_mask, new, 5, causal, readable, device)
            for text in range(2):
                for i in range(new):
                    place = 5 - new + i
                    may = [
                        j == place or (bool(readable[text, j]) and (j <= place or not causal))
                        for j in range(5)
                    ]
                    assert mask[text, 0, i].tolist() == may


def test_nothing_to_hide_needs_no_mask():
    assert reading_mask(5, 5, causal=False) is None
