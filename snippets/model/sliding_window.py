"""Read only the latest tokens, and let heads share what they read: less work, less to keep.

Sources: Jiang et al. (2023), section 2, https://arxiv.org/abs/2310.06825 (sliding window);
Ainslie et al. (2023), section 2.2, https://arxiv.org/abs/2305.13245 (grouped queries)
"""

import torch
from torch import Tensor

from snippets.inference.kv_sharing import share_heads
from snippets.model.attention import attention


def window_mask(n: int, window: int) -> Tensor:
    """Let every token read itself and the window - 1 tokens before it: bool, `(n, n)`.

    Raises:
        ValueError: If the window is too small for a token to read itself.
    """
    if window < 1:
        raise ValueError(f"a window holds at least the token itself, got {window}")
    return torch.ones(n, n, dtype=torch.bool).tril().triu(1 - window)


def windowed_attention(q: Tensor, k: Tensor, v: Tensor, window: int) -> Tensor:
    """Let H query heads share G heads of keys and values, and read the latest tokens only.

    Args:
        q: `(B, H, T, D)`.
        k: `(B, G, T, D)`, where G divides H.
        v: `(B, G, T, D)`.
        window: How many tokens each token reads, itself included; from T on, that is all.

    Returns:
        `(B, H, T, D)`, in the inputs' dtype and on their device.
    """
    mask = window_mask(q.shape[2], window).to(q.device)
    return attention(q, share_heads(k, q.shape[1]), share_heads(v, q.shape[1]), mask)


def window_bill(n: int, window: int, n_heads: int, n_kv_heads: int, head_dim: int) -> dict:
    """Count for one layer that has read n tokens what it computed and what it must keep.

    Returns:
        "scores" (of all query heads), "operations" (multiplications and additions with keys and
        values), "kept" (numbers in keys and values that a next token could still read).
    """
    within = min(n, window)
    scores = n_heads * (within * (within + 1) // 2 + (n - within) * within)
    kept = 2 * n_kv_heads * within * head_dim
    return {"scores": scores, "operations": 4 * head_dim * scores, "kept": kept}


def window_reach(layers: int, window: int) -> int:
    """Count the tokens, itself included, from which news can reach a token through all layers."""
    return layers * (window - 1) + 1


def tokens_noticed(layers: int, window: int, n: int) -> list[bool]:
    """Change each of n tokens in turn: does the last token of a stack of layers notice?"""
    dice = torch.Generator().manual_seed(0)
    tokens = torch.randn(n, 8, generator=dice, dtype=torch.float64) / 10  # (n, D)
    texts = tokens.repeat(n + 1, 1, 1)  # (N, n, D), the last one stays as it is
    texts[range(n), range(n)] += 0.1
    for _ in range(layers):
        x = texts[:, None]  # (N, 1, n, D)
        texts = texts + windowed_attention(x, x, x, window)[:, 0]
    last = texts[:, -1]  # (N, D)
    return ((last[:-1] - last[-1]).abs().amax(-1) > 1e-9).tolist()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    n, window, heads, head_dim = 16_384, 1_024, 9, 64  # heads as in SmolLM2
    rows = []
    for name, width, kv_heads in (
        ("all of the past, each head its own", n, 9),
        ("all of the past, three heads share", n, 3),
        ("a window, each head its own", window, 9),
        ("a window, three heads share", window, 3),
    ):
        rows.append({"layer": name} | window_bill(n, width, heads, kv_heads, head_dim))
        print("{layer:>34}: {scores:13,} scores, {kept:10,} numbers kept".format(**rows[-1]))

    layers, span, tokens = 3, 4, 12
    noticed = sum(tokens_noticed(layers, span, tokens))
    print(f"{layers} layers, window {span}: the last token notices {noticed} of {tokens} tokens")
    mistral = window_reach(32, 4_096)
    print(f"32 layers with a window of 4,096 reach {mistral:,} tokens")

    figure, ax = plt.subplots(figsize=(5.6, 3.0))
    for level in range(layers + 1):  # how far is it from here to the top?
        for place, seen in enumerate(tokens_noticed(layers - level, span, tokens)):
            for read in range(place - span + 1, place + 1) if seen and level else ():
                ax.plot([place, read], [level, level - 1], color="C0", linewidth=1)
            style = {"color": "C0", "fillstyle": "full" if seen else "none"}
            ax.plot(place, level, "o", markersize=9, **style)
    ax.set(title="News travels by relay", xlabel="token", ylabel="after so many layers")
    ax.set(xticks=range(tokens), xticklabels=range(1, tokens + 1), yticks=range(layers + 1))
    plt.show()
