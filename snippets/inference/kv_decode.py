"""A small decoder that can read its past from a cache instead of working it out again.

Source: Vaswani et al. (2017), section 3.2, https://arxiv.org/abs/1706.03762; Shazeer (2019),
section 2.4, "incremental" attention, https://arxiv.org/abs/1911.02150
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import rms_norm

from snippets.inference.kv_sharing import share_heads
from snippets.model.attention import causal_attention


class LayerCache:
    """Room for the keys and values of one layer, set aside once and filled from the left."""

    def __init__(self, batch, n_kv_heads, max_tokens, head_dim, dtype=None, device=None):
        """Allocate 2 x batch x n_kv_heads x max_tokens x head_dim values."""
        shape = (batch, n_kv_heads, max_tokens, head_dim)
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros_like(self.keys)
        self.length = 0

    def append(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Write new keys and values behind the old ones; return all so far.

        Raises:
            ValueError: If the room is used up.
        """
        end, room = self.length + k.shape[2], self.keys.shape[2]
        if end > room:
            raise ValueError(f"the cache has room for {room} tokens, but this would be token {end}")
        self.keys[:, :, self.length : end] = k
        self.values[:, :, self.length : end] = v
        self.length = end
        return self.keys[:, :, :end], self.values[:, :, :end]


class CachedLayer(nn.Module):
    """One pre-norm decoder layer with H query heads over G key-value heads."""

    def __init__(self, d_model: int, n_heads: int, n_kv_heads: int):
        """Make the projections; the head width is d_model / n_heads."""
        super().__init__()
        self.n_heads, self.n_kv_heads, self.head_dim = n_heads, n_kv_heads, d_model // n_heads
        self.query = nn.Linear(d_model, d_model, bias=False)
        self.key = nn.Linear(d_model, n_kv_heads * self.head_dim, bias=False)
        self.value = nn.Linear(d_model, n_kv_heads * self.head_dim, bias=False)
        self.out = nn.Linear(d_model, d_model, bias=False)
        self.up = nn.Linear(d_model, 4 * d_model, bias=False)
        self.down = nn.Linear(4 * d_model, d_model, bias=False)

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (-1, self.head_dim)).transpose(1, 2)

    def forward(self, x: Tensor, cache: LayerCache | None = None) -> Tensor:
        """Work on the T newest tokens; with a cache, read all S tokens so far.

        Args:
            x: `(B, T, C)`, the new tokens only.
            cache: Where this layer keeps its past; None means x is the whole text (S = T).

        Returns:
            `(B, T, C)`.
        """
        normed = rms_norm(x, x.shape[-1:])  # (B, T, C)
        q = self._heads(self.query(normed))  # (B, H, T, D)
        k = self._heads(self.key(normed))  # (B, G, T, D)
        v = self._heads(self.value(normed))  # (B, G, T, D)
        past_k, past_v = cache.append(k, v) if cache else (k, v)
        keys = share_heads(past_k, self.n_heads)  # (B, H, S, D)
        values = share_heads(past_v, self.n_heads)  # (B, H, S, D)
        mixed = causal_attention(q, keys, values)  # (B, H, T, D)
        y = x + self.out(mixed.transpose(1, 2).flatten(2))  # (B, T, C)
        return y + self.down(self.up(rms_norm(y, y.shape[-1:])).relu())


class CachedDecoder(nn.Module):
    """Embeddings, a few layers, logits: the smallest thing that can be cached and checked."""

    def __init__(self, vocab, d_model, n_layers, n_heads, n_kv_heads, max_tokens):
        """Draw random weights; nothing here is trained."""
        super().__init__()
        self.embed = nn.Embedding(vocab, d_model)
        self.place = nn.Embedding(max_tokens, d_model)
        self.layers = nn.ModuleList(
            CachedLayer(d_model, n_heads, n_kv_heads) for _ in range(n_layers)
        )
        self.head = nn.Linear(d_model, vocab, bias=False)

    def new_caches(self, batch: int) -> list[LayerCache]:
        """Set aside one cache per layer, as long as the longest text."""
        like, room = self.place.weight, self.place.num_embeddings
        return [
            LayerCache(batch, f.n_kv_heads, room, f.head_dim, like.dtype, like.device)
            for f in self.layers
        ]

    def body(self, ids: Tensor, caches: list[LayerCache] | None = None) -> Tensor:
        """Run the layers on ids `(B, T)`; positions go on where the cache ends. `(B, T, C)`."""
        start = caches[0].length if caches else 0
        places = torch.arange(start, start + ids.shape[1], device=ids.device)  # (T)
        x = self.embed(ids) + self.place(places)  # (B, T, C)
        for n, layer in enumerate(self.layers):
            x = layer(x, caches[n] if caches else None)  # (B, T, C)
        return x

    def forward(self, ids: Tensor, caches: list[LayerCache] | None = None) -> Tensor:
        """Give the logits `(B, T, V)` of ids `(B, T)`."""
        return self.head(self.body(ids, caches))


if __name__ == "__main__":
    torch.manual_seed(0)
    decoder = CachedDecoder(50, 64, n_layers=2, n_heads=8, n_kv_heads=2, max_tokens=32).double()
    ids = torch.randint(50, (1, 24))
    with torch.no_grad():
        at_once = decoder(ids)
        caches = decoder.new_caches(batch=1)
        prompt = decoder(ids[:, :8], caches)  # eight tokens in one go, then one by one
        steps = [decoder(ids[:, n : n + 1], caches) for n in range(8, 24)]
    one_by_one = torch.cat([prompt, *steps], dim=1)
    difference = round((at_once - one_by_one).abs().max().item(), 9)
    largest = round(at_once.abs().max().item(), 2)
    print(f"logits {tuple(at_once.shape)}, the largest is {largest}")
    print(f"largest difference between cached and uncached: {difference}")
    cache_bytes = sum(cache.keys.nbytes + cache.values.nbytes for cache in caches)
    print(
        f"cache: {len(caches)} layers, {cache_bytes:,} bytes for {caches[0].keys.shape[2]} tokens"
    )
