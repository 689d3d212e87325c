import pytest
import torch
from torch.nn.functional import rms_norm, scaled_dot_product_attention

from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.kv_decode import CachedDecoder, CachedLayer, LayerCache
from tests.shapes import check_shapes

B, G, H, D, LAYERS, ROOM, VOCAB = 2, 3, 9, 5, 2, 13, 17


def decoder(device="cpu", n_kv_heads=G):
    """float64 where there is such a thing, so that equal means equal."""
    dtype = torch.float32 if torch.device(device).type == "mps" else torch.float64
    return CachedDecoder(VOCAB, H * D, LAYERS, H, n_kv_heads, ROOM).to(device, dtype)


@pytest.mark.parametrize("n_kv_heads", [H, G, 1])
@pytest.mark.parametrize("pieces", [[1] * 11, [7, 1, 1, 1, 1], [11], [2, 5, 4]])
def test_cached_logits_equal_uncached_logits(device, pieces, n_kv_heads):
    model = decoder(device, n_kv_heads)
    ids = torch.randint(VOCAB, (B, 11), device=device)
    caches = model.new_caches(B)
    with torch.no_grad():
        steps = [model(piece, caches) for piece in ids.split(pieces, dim=1)]
        torch.testing.assert_close(torch.cat(steps, dim=1), model(ids))


def test_layer_agrees_with_pytorchs_attention(device):
    layer = CachedLayer(H * D, H, G).to(device)
    x = torch.randn(B, 7, H * D, device=device)
    normed = rms_norm(x, x.shape[-1:])
    q, k, v = (
        f(normed).view(B, 7, -1, D).transpose(1, 2) for f in (layer.query, layer.key, layer.value)
    )
    mixed = scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    y = x + layer.out(mixed.transpose(1, 2).reshape(B, 7, H * D))
    expected = y + layer.down(layer.up(rms_norm(y, y.shape[-1:])).relu())
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize(("place", "matters"), [(0, False), (4, True), (5, False)])
def test_positions_go_on_where_the_cache_ends(place, matters):
    model = decoder()
    ids = torch.randint(VOCAB, (1, 5))
    answers = []
    with torch.no_grad():
        for shift in (0.0, 1.0):
            caches = model.new_caches(1)
            model(ids[:, :4], caches)
            model.place.weight[place] += shift  # only the fifth token is still to come
            answers.append(model(ids[:, 4:], caches))
    assert torch.equal(*answers) != matters


def test_the_past_is_read_from_the_cache():
    model = decoder()
    ids = torch.randint(VOCAB, (1, 5))
    caches = model.new_caches(1)
    model(ids[:, :4], caches)
    caches[0].values[:, :, 0] += 1.0
    assert not torch.allclose(model(ids[:, 4:], caches), model(ids)[:, 4:])


def test_the_cache_holds_what_the_formula_says(device):
    model = decoder(device)
    caches = model.new_caches(batch=B)
    allocated = sum(cache.keys.nbytes + cache.values.nbytes for cache in caches)
    width = model.place.weight.dtype.itemsize
    assert allocated == B * ROOM * kv_bytes_per_token(LAYERS, G, D, width)


def test_shapes_are_as_commented():
    layer = CachedLayer(H * D, H, G)
    cache = LayerCache(B, G, ROOM, D)
    layer(torch.randn(B, 4, H * D), cache)
    _, checked = check_shapes(layer.forward.__func__, layer, torch.randn(B, 2, H * D), cache)
    assert checked >= 7
    ids = torch.randint(VOCAB, (B, 4))
    model = decoder()
    out, checked = check_shapes(CachedDecoder.body, model, ids, model.new_caches(B))
    assert out.shape == (B, 4, H * D)
    assert checked >= 2


def test_a_full_cache_is_refused():
    cache = LayerCache(1, 1, 3, 5)
    cache.append(torch.zeros(1, 1, 3, 5), torch.zeros(1, 1, 3, 5))
    with pytest.raises(ValueError, match="room for 3 tokens, but this would be token 4"):
        cache.append(torch.zeros(1, 1, 1, 5), torch.zeros(1, 1, 1, 5))
