"""Notes in 8 or 4 bits: keys and values rounded as they are written, and what the model then says.

Source: Liu et al. (2024), https://arxiv.org/abs/2402.02750 (KIVI: keys by channel, values by token)
"""

from torch import Tensor

from snippets.compression.integer import dequantize_integer, quantize_affine
from snippets.compression.same_text import Referee, fixed_rows
from snippets.model.cache import KVCache
from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads


def round_notes(x: Tensor, bits: int, by_channel: bool) -> Tensor:
    """Round keys or values and come back: what a reader of quantized notes sees.

    Args:
        x: `(B, G, T, D)`.
        bits: 2 to 8.
        by_channel: One step for each channel of a head (over all tokens) in place of one for each
            token of a head (over all channels).
    """
    rows = x.mT if by_channel else x  # (B, G, D, T) or (B, G, T, D)
    flat = rows.reshape(-1, rows.shape[-1])
    back = dequantize_integer(*quantize_affine(flat, bits, axis=0)).view(rows.shape)
    return (back.mT if by_channel else back).to(x.dtype)


class RoundedCache(KVCache):
    """A cache whose notes have been through a few bits. It shows the loss, not the saving."""

    def __init__(self, shape, like: Tensor, bits: int, keys_by_channel: bool = False):
        """As KVCache, and how notes are rounded."""
        super().__init__(shape, like)
        self.bits, self.keys_by_channel = bits, keys_by_channel

    def append(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Round one layer's new keys and values, then keep them."""
        k = round_notes(k, self.bits, self.keys_by_channel)
        return super().append(layer, k, round_notes(v, self.bits, False))


def cache_bits(bits: int, group: int) -> float:
    """Count a number's bits, with a 16-bit step and a zero of `bits` bits for each group."""
    return bits + (16 + bits) / group


if __name__ == "__main__":
    model, tokenizer = load()
    c, texts = model.config, fixed_rows(tokenizer)
    referee, rows = Referee(model, texts), []
    shape = (c.n_layers, 1, c.n_kv_heads, texts.shape[1], c.head_dim)
    for bits, by_channel in ((8, False), (4, False), (4, True), (2, True)):

        def with_rounded_notes(ids: Tensor, bits=bits, by_channel=by_channel) -> Tensor:
            """Read a text through a cache that rounds."""
            return model(ids, RoundedCache(shape, model.embed, bits, by_channel))

        with with_threads(1):
            verdict = referee.verdict(with_rounded_notes)
        keys = "channel" if by_channel else "token"
        row = {"bits": bits, "keys": keys, "cost": round(cache_bits(bits, c.head_dim), 2)}
        row |= {what: round(verdict[what], 2) for what in ("perplexity", "divergence")}
        rows.append(row)
        print(
            f"{bits} bits, keys by {keys:7}: perplexity {row['perplexity']:8.2f},"
            f" divergence {row['divergence']:.2f}"
        )
