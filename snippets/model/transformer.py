"""A decoder-only transformer: what most chat models are, from token ids to scores.

Sources: Vaswani et al. (2017), https://arxiv.org/abs/1706.03762 (the design); Touvron et al.
(2023), section 2.2, https://arxiv.org/abs/2302.13971 (norms first, SwiGLU, rotary positions);
Ainslie et al. (2023), section 2.2, https://arxiv.org/abs/2305.13245 (grouped queries).

Sizes in comments: B texts, T new tokens, S tokens so far, C width of the stream, H heads, G heads
that have keys and values, J = H / G, D width of a head, F inner width, V vocabulary.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, linear, scaled_dot_product_attention

from snippets.model.cache import KVCache, reading_mask
from snippets.model.feed_forward import SwiGLU
from snippets.model.rms_norm import RMSNorm
from snippets.model.rope import apply_rope, rope_angles


@dataclass(frozen=True)
class TransformerConfig:
    """The sizes of a transformer. With `rope_theta=None` it knows no positions."""

    vocab_size: int
    d_model: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    head_dim: int
    d_ffn: int
    context: int
    rope_theta: float | None = 10_000.0
    norm_eps: float = 1e-5
    tied: bool = True  # whether the table of tokens is used at both ends
    causal: bool = True  # whether the future is hidden

    def __post_init__(self):
        if self.n_heads % self.n_kv_heads:
            raise ValueError(f"{self.n_heads} heads cannot share {self.n_kv_heads} key-value heads")
        if self.head_dim % 2:
            raise ValueError(f"rotation needs pairs: wanted an even head_dim, got {self.head_dim}")


class GroupedAttention(nn.Module):
    """Attention in which H query heads share G heads of keys and values."""

    def __init__(self, c: TransformerConfig, layer: int):
        super().__init__()
        self.layer, self.head_dim = layer, c.head_dim
        self.query = nn.Linear(c.d_model, c.n_heads * c.head_dim, bias=False)
        self.key = nn.Linear(c.d_model, c.n_kv_heads * c.head_dim, bias=False)
        self.value = nn.Linear(c.d_model, c.n_kv_heads * c.head_dim, bias=False)
        self.out = nn.Linear(c.n_heads * c.head_dim, c.d_model, bias=False)

    def forward(self, x, cos, sin, mask=None, cache: KVCache | None = None) -> Tensor:
        """Let each token of x `(B, T, C)` read; `(B, T, C)` again."""
        heads = (-1, self.head_dim)
        q = self.query(x).unflatten(-1, heads).transpose(1, 2)  # (B, H, T, D)
        k = self.key(x).unflatten(-1, heads).transpose(1, 2)  # (B, G, T, D)
        v = self.value(x).unflatten(-1, heads).transpose(1, 2)  # (B, G, T, D)
        q, k = apply_rope(q, cos, sin), apply_rope(k, cos, sin)
        k, v = cache.append(self.layer, k, v) if cache else (k, v)  # now S tokens
        if q.shape[2] == 1:  # heads that share keys ask one after the other: same sums, faster
            group = q.reshape(len(q), k.shape[1], -1, self.head_dim)  # (B, G, J, D)
            mixed = scaled_dot_product_attention(group, k, v, mask).reshape(q.shape)
        else:
            mixed = scaled_dot_product_attention(q, k, v, mask, enable_gqa=True)  # (B, H, T, D)
        return self.out(mixed.transpose(1, 2).flatten(2))


class DecoderBlock(nn.Module):
    """Add to the stream what attention read, then what the feed-forward network made of it."""

    def __init__(self, c: TransformerConfig, layer: int):
        super().__init__()
        self.norm_1, self.attention = RMSNorm(c.d_model, c.norm_eps), GroupedAttention(c, layer)
        self.norm_2, self.ffn = RMSNorm(c.d_model, c.norm_eps), SwiGLU(c.d_model, c.d_ffn)

    def forward(self, x, cos, sin, mask=None, cache: KVCache | None = None) -> Tensor:
        """Work on the stream x `(B, T, C)`; `(B, T, C)` again."""
        y = x + self.attention(self.norm_1(x), cos, sin, mask, cache)  # (B, T, C)
        return y + self.ffn(self.norm_2(y))


class Transformer(nn.Module):
    """Token ids in; at every place a score for each token that could come next."""

    def __init__(self, config: TransformerConfig):
        """Draw weights as GPT-2 does: small, and smaller still where layers add to the stream."""
        super().__init__()
        self.config = c = config
        self.embed = nn.Parameter(torch.empty(c.vocab_size, c.d_model))
        self.blocks = nn.ModuleList(DecoderBlock(c, n) for n in range(c.n_layers))
        self.norm = RMSNorm(c.d_model, c.norm_eps)
        self.head = None if c.tied else nn.Parameter(torch.empty(c.vocab_size, c.d_model))
        for name, weight in self.named_parameters():
            adds = name.endswith(("out.weight", "down.weight"))
            if weight.ndim == 2 and not weight.is_meta:
                nn.init.normal_(weight, std=0.02 / (2 * c.n_layers) ** 0.5 if adds else 0.02)

    def new_cache(self, batch: int = 1, room: int | None = None) -> KVCache:
        """Set aside a cache for `room` tokens of each text, the whole context if not said."""
        c, room = self.config, self.config.context if room is None else room
        return KVCache((c.n_layers, batch, c.n_kv_heads, room, c.head_dim), self.embed)

    def read(
        self, ids: Tensor, cache: KVCache | None = None, readable: Tensor | None = None
    ) -> Tensor:
        """Turn ids into vectors `(B, T, C)`: everything but the last matrix.

        Args:
            ids: `(B, T)`, int64; with a cache, the new tokens only.
            cache: What earlier tokens left behind; None if ids is the whole text.
            readable: `(B, S)`, bool, False at padding; None if nothing is padded.

        Raises:
            ValueError: If there are more tokens than context or cache have room for.
        """
        c, start = self.config, cache.length if cache else 0
        end, room = start + ids.shape[1], min(c.context, cache.room) if cache else c.context
        if end > room:
            raise ValueError(f"there is room for {room} tokens, this would be {end}")
        places = torch.arange(start, end, device=ids.device)  # (T)
        cos, sin = rope_angles(places, c.head_dim, c.rope_theta)
        mask = reading_mask(len(places), end, c.causal, readable, ids.device)
        x = embedding(ids, self.embed)  # (B, T, C)
        for block in self.blocks:
            x = block(x, cos.to(x.dtype), sin.to(x.dtype), mask, cache)  # (B, T, C)
        if cache:
            cache.length = end
        return self.norm(x)

    def predict(self, x: Tensor) -> Tensor:
        """Turn vectors `(..., C)` into logits `(..., V)`: compare each with every known token."""
        return linear(x, self.embed if self.head is None else self.head)

    def forward(self, ids: Tensor, cache: KVCache | None = None, readable=None) -> Tensor:
        """Read ids `(B, T)` and give logits `(B, T, V)`; errors as in `read`."""
        return self.predict(self.read(ids, cache, readable))


if __name__ == "__main__":
    torch.manual_seed(0)
    config = TransformerConfig(
        50, d_model=24, n_layers=2, n_heads=6, n_kv_heads=2, head_dim=4, d_ffn=64, context=16
    )
    model, ids = Transformer(config), torch.tensor([[7, 11, 13, 17, 19]])
    with torch.no_grad():
        logits = model(ids)
    shares = logits.softmax(-1)[0, -1]  # (50,), what may come after the last token
    shapes = {"ids": list(ids.shape), "logits": list(logits.shape)}
    print(shapes)
    total, likeliest = round(float(shares.sum()), 3), round(float(shares.max()), 3)
    print(
        f"shares add up to {total}; the largest of {len(shares)} is {likeliest}: it knows nothing"
    )
