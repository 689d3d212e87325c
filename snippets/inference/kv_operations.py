"""How much arithmetic a cache saves: counted by formula and by PyTorch's own counter.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", sections "kv cache" and
"flops counting", https://kipp.ly/transformer-inference-arithmetic/
"""

import torch
from torch.utils.flop_counter import FlopCounterMode

from snippets.inference.facts_models import ANTHROPIC_52B
from snippets.inference.kv_decode import CachedDecoder
from snippets.tools.plot import name_line


def kv_projection_flops(n_layers: int, d_model: int, kv_dim: int, tokens: int = 1) -> int:
    """Count the FLOPs (a number, not a rate) that make keys and values for some tokens.

    2 matrices x 2 operations (one multiplication, one addition) x layers x d_model x kv_dim.
    """
    return 2 * 2 * n_layers * d_model * kv_dim * tokens


def tokens_processed(n: int, cached: bool) -> int:
    """Say how often any token goes through the layers while n tokens are written one by one.

    With a cache every token once: 4 tokens cost 4. Without, every step starts at the beginning:
    1 + 2 + 3 + 4 = 10.
    """
    return n if cached else n * (n + 1) // 2


def scores_computed(n: int, cached: bool) -> int:
    """Count the query-key pairs per head and layer: n tokens, square tables without a cache."""
    return n * (n + 1) // 2 if cached else n * (n + 1) * (2 * n + 1) // 6


def decode_flops(
    n: int, cached: bool, n_layers: int, d_model: int, n_heads: int, n_kv_heads: int
) -> dict[str, int]:
    """Split the FLOPs of writing n tokens with a `CachedDecoder` (layers only) into three parts."""
    runs, kv_dim = tokens_processed(n, cached), d_model // n_heads * n_kv_heads
    return {
        "keys and values": kv_projection_flops(n_layers, d_model, kv_dim, runs),
        "other weights": 2 * (2 + 8) * n_layers * d_model**2 * runs,  # query, out, up, down
        "attention": 2 * 2 * n_layers * d_model * scores_computed(n, cached),
    }


def count_decode(decoder: CachedDecoder, ids: torch.Tensor, cached: bool) -> int:
    """Write ids `(1, T)` token by token and let PyTorch count the FLOPs in the layers."""
    caches = decoder.new_caches(batch=1) if cached else None
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        for n in range(1, ids.shape[1] + 1):
            decoder.body(ids[:, n - 1 : n] if cached else ids[:, :n], caches)
    return counter.get_total_flops()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    shape = {"n_layers": 2, "d_model": 64, "n_heads": 8, "n_kv_heads": 2}
    decoder = CachedDecoder(50, max_tokens=32, **shape)
    ids = torch.zeros(1, 32, dtype=torch.int64)
    counted = {cached: count_decode(decoder, ids, cached) for cached in (False, True)}
    parts = {cached: decode_flops(32, cached, **shape) for cached in (False, True)}
    for cached, name in [(False, "without"), (True, "with")]:
        print(f"{name:7} cache: PyTorch counts {counted[cached]:,}")
        print(f"{'':7}      the formula says {sum(parts[cached].values()):,}")
    rows = [{"part": p, "without": parts[False][p], "with": parts[True][p]} for p in parts[True]]
    for row in rows:
        row["ratio"] = row["without"] / row["with"]

    per_token = kv_projection_flops(ANTHROPIC_52B.n_layers, ANTHROPIC_52B.d_model, 8192)
    saved = [{"tokens": n, "ratio": tokens_processed(n, False) / n} for n in (4, 1000, 8192)]
    print(f"52B model: {per_token:,} FLOPs for the keys and values of one token")
    print(f"8,192 tokens: starting over takes {saved[-1]['ratio']:,.1f} times as many")
    _, ax = plt.subplots(figsize=(6.4, 3.2))
    lengths = [2**i for i in range(14)]
    for name, cached in [("start over", False), ("with cache", True)]:
        flops = [per_token * tokens_processed(n, cached) for n in lengths]
        ax.loglog(lengths, flops)
        name_line(ax, name, lengths[-1], flops[-1])
    ax.set_xlim(1, 100_000)
    ax.set_xticks([1, 10, 100, 1000, 8192], ["1", "10", "100", "1,000", "8,192"])
    ax.minorticks_off()
    gap = saved[-1]["ratio"]
    ax.plot([8192, 8192], [flops[-1], flops[-1] * gap], ":")
    name_line(ax, f"{gap:,.1f} times", 8192, flops[-1] * gap**0.5)
    ax.set(xlabel="tokens written", ylabel="FLOPs for keys and values")
    ax.set_title("52B model: making the keys and values of a text")
    plt.show()
