"""Exact attention without the big table: read in tiles, keep a running softmax.

Sources: Milakov and Gimelshein (2018), online softmax, https://arxiv.org/abs/1805.02867;
Rabe and Staats (2021), https://arxiv.org/abs/2112.05682;
Dao et al. (2022), FlashAttention, algorithm 1, https://arxiv.org/abs/2205.14135
"""

import torch
from torch import Tensor

from snippets.model.attention import attention


def tiled_attention(q: Tensor, k: Tensor, v: Tensor, block: int) -> Tensor:
    """Compute what `attention` computes, holding only block x block scores at a time.

    Args:
        q: `(B, H, T, D)`.
        k: `(B, H, S, D)`.
        v: `(B, H, S, D)`.
        block: Rows and columns of a tile, at least 1; need not divide T or S.

    Returns:
        `(B, H, T, D)`, in the inputs' dtype and on their device.

    Raises:
        ValueError: If `block` is below 1, or shapes do not fit.
    """
    if block < 1:
        raise ValueError(f"a tile needs at least 1 row, got block={block}")
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2] or k.shape[-2] == 0:
        given = f"{tuple(q.shape)}, {tuple(k.shape)}, {tuple(v.shape)}"
        raise ValueError(f"need (..., T, D), (..., S, D), (..., S, D) with S > 0, got {given}")
    return torch.cat([_read_tiles(some, k, v, block) for some in q.split(block, -2)], -2)


def _read_tiles(q: Tensor, k: Tensor, v: Tensor, block: int) -> Tensor:
    """Read all keys, one tile after the other, for a few queries."""
    exact = torch.promote_types(q.dtype, torch.float32)  # running sums need the digits
    q = q.to(exact) / q.shape[-1] ** 0.5
    state = None
    for keys, values in zip(k.split(block, -2), v.split(block, -2), strict=True):
        scores = q @ keys.to(exact).mT
        state = online_softmax(state, scores, values.to(exact))
    _, total, blend = state
    return (blend / total).to(v.dtype)


def online_softmax(
    state: tuple[Tensor, Tensor, Tensor] | None, scores: Tensor, values: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Take in one more tile.

    Args:
        state: What the last call returned; None before the first tile.
        scores: `(..., t, s)`, of t queries against the s keys of this tile.
        values: `(..., s, D)`.

    Returns:
        The largest score so far `(..., t, 1)`, the sum of exp(score - largest) `(..., t, 1)` and
        the blend of values under these weights `(..., t, D)`; blend / sum is the softmax average.
    """
    largest = scores.amax(-1, keepdim=True)  # (..., t, 1)
    if state is not None:
        largest = torch.maximum(largest, state[0])  # (..., t, 1)
    weights = (scores - largest).exp()  # (..., t, s)
    total = weights.sum(-1, keepdim=True)  # (..., t, 1)
    blend = weights @ values  # (..., t, D)
    if state is not None:
        shrink = (state[0] - largest).exp()  # (..., t, 1), what old weights are worth now
        total = total + shrink * state[1]  # (..., t, 1)
        blend = blend + shrink * state[2]  # (..., t, D)
    return largest, total, blend


if __name__ == "__main__":
    scores = torch.tensor([1.0, 3.0, 4.0]).log()  # their exponentials are 1, 3 and 4
    values = torch.tensor([10.0, 20.0, 30.0])
    state, running = None, []
    for score, value in zip(scores, values, strict=True):
        state = online_softmax(state, score.view(1, 1), value.view(1, 1))
        running.append(round(float(state[2] / state[1]), 2))
        print(f"after the value {value:.0f} the average is {running[-1]}")
    whole = round(float(scores.softmax(0) @ values), 2)
    print(f"softmax of all three at once: {whole}")

    eight = torch.tensor([[8.0]]).log()
    state = online_softmax(state, eight, torch.tensor([[40.0]]))
    fourth = round(float(state[2] / state[1]), 3)

    torch.manual_seed(0)
    n = 101  # a prime: no tile but 1 and 101 fits evenly
    q, k, v = (torch.randn(1, 1, n, 32) for _ in range(3))
    expected = attention(q, k, v)
    rows = []
    for block in (1, 16, 100, n, 1000):
        gap = float((tiled_attention(q, k, v, block) - expected).abs().max())
        held = min(block, n) ** 2
        rows.append({"block": block, "scores_held": held, "agrees": gap < 1e-6})
        print(f"tiles of {block:>4}: {held:>6,} scores at a time, equal to 1e-6: {gap < 1e-6}")
