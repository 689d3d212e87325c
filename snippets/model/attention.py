"""Scaled dot-product attention, and its causal form.

Source: Vaswani et al. (2017), equation 1 and section 3.2.3, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor

from snippets.tools.plot import heatmap, name_ticks


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    r"""Let every query blend the values, by how well it matches their keys.

    $\operatorname{softmax}(QK^\top / \sqrt{D})\,V$, with forbidden scores set to $-\infty$.
    Costs 4·B·H·T·S·D FLOPs in its two products; holds B·H·T·S scores.

    Args:
        q: `(B, H, T, D)`, one query for each of T positions.
        k: `(B, H, S, D)`, one key for each of S positions.
        v: `(B, H, S, D)`, one value for each of S positions.
        mask: bool, `(T, S)` or with batch and heads in front; True where reading is allowed.

    Returns:
        `(B, H, T, D)`, in the inputs' dtype and on their device.

    Raises:
        ValueError: If shapes do not fit, or a query has nothing to read (softmax would be NaN).
    """
    _check_qkv(q, k, v)
    scores = (q / q.shape[-1] ** 0.5) @ k.mT  # (B, H, T, S), any real numbers
    if mask is not None:
        _check_reading_mask(mask, *scores.shape[-2:])
        scores = scores.masked_fill(~mask, float("-inf"))  # (B, H, T, S)
    weights = scores.softmax(-1)  # (B, H, T, S), every row sums to 1
    output = weights @ v  # (B, H, T, D)
    return output


def causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Let every position read itself and the past, never the future.

    Args:
        q: `(B, H, T, D)`, queries of the T newest positions.
        k: `(B, H, S, D)`, keys of all S positions so far, S >= T.
        v: `(B, H, S, D)`, values of all S positions so far.

    Returns:
        `(B, H, T, D)`, in the inputs' dtype and on their device.

    Raises:
        ValueError: If T > S, which would leave a query with nothing to read.
    """
    T, S = q.shape[-2], k.shape[-2]
    if T > S:
        raise ValueError(f"more queries than keys: T={T} > S={S}")
    past = torch.ones(T, S, dtype=torch.bool, device=q.device).tril(S - T)  # (T, S)
    return attention(q, k, v, past)


def _check_qkv(q: Tensor, k: Tensor, v: Tensor) -> None:
    """Refuse what cannot be meant."""
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2] or k.shape[-2] == 0:
        given = f"{tuple(q.shape)}, {tuple(k.shape)}, {tuple(v.shape)}"
        raise ValueError(f"need (..., T, D), (..., S, D), (..., S, D) with S > 0, got {given}")


def _check_reading_mask(mask: Tensor, T: int, S: int) -> None:
    """Refuse a mask of another kind or shape, or one that leaves a query blind."""
    if mask.dtype != torch.bool or mask.shape[-1] not in (1, S) or mask.shape[-2] not in (1, T):
        given = f"{mask.dtype} {tuple(mask.shape)}"
        raise ValueError(f"mask must be bool with shape (..., {T}, {S}), got {given}")
    blind = int((~mask.any(-1)).sum())
    if blind:
        raise ValueError(f"{blind} rows of the mask allow nothing: nothing to read, nothing to say")


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    words = ["the", "cat", "sat", "down"]
    q = k = torch.zeros(1, 1, 4, 4)  # all scores tie
    v = torch.tensor([2.0, 4.0, 6.0, 8.0]).view(1, 1, 4, 1)
    means = causal_attention(q, k, v).flatten().round(decimals=3).tolist()
    print("each position reads, on average:", ", ".join(f"{mean:g}" for mean in means))

    weights = causal_attention(q, k, torch.eye(4).expand(1, 1, 4, 4))[0, 0]  # V = I shows them
    for word, row in zip(words, weights, strict=True):
        print(
            f"{word:>4}:", "  ".join(f"{w:.2f}" for w in row.tolist()), f" in all {row.sum():.2f}"
        )

    figure, ax = plt.subplots(figsize=(4.2, 3.6))
    heatmap(ax, weights)
    name_ticks(ax, words, words)
    ax.set(title="Nobody reads ahead", xlabel="word that is read", ylabel="word that reads")
    plt.show()
