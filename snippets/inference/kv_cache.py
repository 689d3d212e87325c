"""How many bytes a language model keeps for every token that it has read.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", section "kv cache", 30 March 2022,
https://kipp.ly/transformer-inference-arithmetic/; key-value heads instead of heads: Ainslie et al.
(2023), section 2.2, https://arxiv.org/abs/2305.13245
"""

import torch

from snippets.inference.facts_models import ANTHROPIC_52B


def kv_bytes_per_token(
    n_layers: int, n_kv_heads: int, head_dim: int, bytes_per_value: float = 2
) -> int | float:
    """Multiply what one token leaves behind: a key and a value, per layer, per key-value head.

    One layer, one head of width 4, 16 bits: `kv_bytes_per_token(1, 1, 4)` is 2 x 4 x 2 = 16 bytes.

    Args:
        n_layers: Layers, each with a cache of its own.
        n_kv_heads: Key-value heads per layer. Not query heads.
        head_dim: Width of one head.
        bytes_per_value: 2 for 16 bits, 1 for 8, 0.5 for 4.

    Returns:
        Bytes, an int wherever the product is whole.

    Raises:
        ValueError: If a size is below 1, or a value takes no room.
    """
    for name, size in [("n_layers", n_layers), ("n_kv_heads", n_kv_heads), ("head_dim", head_dim)]:
        if size < 1:
            raise ValueError(f"{name} must be at least 1, got {size}")
    if not 0 < bytes_per_value < float("inf"):
        raise ValueError(f"bytes_per_value must be above 0 and finite, got {bytes_per_value}")
    total = 2 * n_layers * n_kv_heads * head_dim * bytes_per_value
    return int(total) if total == int(total) else total


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    L, H, D = ANTHROPIC_52B.n_layers, ANTHROPIC_52B.n_kv_heads, ANTHROPIC_52B.head_dim
    per_token = kv_bytes_per_token(L, H, D)
    one_token = torch.zeros(L, 2, H, 1, D, dtype=torch.bfloat16)  # the real thing: 64 layers of it
    allocated = one_token.nbytes
    print(f"one token: formula {per_token:,} bytes, allocated {allocated:,} bytes")

    contexts = [1, 100, 1000, 8192]
    rows = [{"tokens": n, "gb": n * per_token / 1e9} for n in contexts]
    for row in rows:
        print(f"{row['tokens']:5,} tokens: {row['gb']:7.3f} GB")

    free_gb = 3 * 40 - 2 * 52  # three 40 GB cards, minus 52 billion weights of 2 bytes
    full_at = int(free_gb * 1e9 / per_token)
    print(f"{free_gb} GB are full after {full_at:,} tokens")

    _, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.plot([0, 8192], [0, rows[-1]["gb"]])
    ax.axhline(free_gb, linestyle="--", color="C1")
    ax.text(150, free_gb + 0.6, "all that three 40 GB cards have left beside the weights")
    ax.plot(full_at, free_gb, "o", color="C1")
    ax.set(xlim=(0, 8500), ylim=(0, 20), yticks=range(0, 21, 4))
    ax.set(xlabel="tokens in the conversation", ylabel="KV cache in GB")
    ax.set_title("One conversation with a 52B model")
    plt.show()
