"""Query heads that share keys and values: multi-head, grouped-query and multi-query attention.

Source: Shazeer (2019), section 3, https://arxiv.org/abs/1911.02150 (MQA); Ainslie et al. (2023),
section 2.2 and figure 2, https://arxiv.org/abs/2305.13245 (GQA)
"""

import torch
from torch import Tensor


def share_heads(kv: Tensor, n_heads: int) -> Tensor:
    """Let neighbouring query heads read the same key-value head.

    With 8 query heads and 2 key-value heads, heads 0-3 read the first and heads 4-7 the second.
    The cache keeps the 2; the copies live only while attention runs (real kernels copy nothing).

    Args:
        kv: `(B, G, S, D)`, keys or values of G key-value heads.
        n_heads: Number of query heads, H.

    Returns:
        `(B, H, S, D)`, in the input's dtype and on its device.

    Raises:
        ValueError: If H is no multiple of G.
    """
    G, H = kv.shape[1], n_heads
    if H % G:
        raise ValueError(f"{H} query heads cannot share {G} key-value heads evenly")
    shared = kv.repeat_interleave(H // G, dim=1)  # (B, H, S, D)
    return shared


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    HEADS, HEAD_DIM = 8, 128
    rows = []
    _, ax = plt.subplots(figsize=(6.4, 2.8))
    for place, (kind, groups) in enumerate([("MHA", 8), ("GQA", 2), ("MQA", 1)]):
        size = torch.empty(2, groups, 1, HEAD_DIM, dtype=torch.bfloat16).nbytes  # one token
        rows.append({"kind": kind, "kv_heads": groups, "bytes": size})
        print(f"{kind}: {HEADS} query heads, {groups} with keys and values, {size:,} bytes")
        left = place * (HEADS + 2)
        spots = [left + (g + 0.5) * HEADS / groups - 0.5 for g in range(groups)]
        for head in range(HEADS):
            ax.plot([left + head, spots[head * groups // HEADS]], [1, 0], color="C1", linewidth=1)
        ax.plot(range(left, left + HEADS), [1] * HEADS, "o", color="C0")
        ax.plot(spots, [0] * groups, "s", color="C1", markersize=9)
    ax.set_xticks([3.5, 13.5, 23.5], [f"{r['kind']}: {r['bytes']:,} bytes" for r in rows])
    ax.set_yticks([0, 1], ["keys, values\n(stored)", "queries\n(not stored)"])
    ax.set(ylim=(-0.3, 1.3), xlabel="cache per token and layer", ylabel="one mark, one head")
    ax.set_title("Who shares whose notes")
    plt.show()
