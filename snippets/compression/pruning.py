"""Pruning by magnitude: set the smallest weights of a layer to zero.

Source: Han et al. (2015), section 3, https://arxiv.org/abs/1506.02626 (weights below a threshold
are removed); ranked against one another as in Zhu and Gupta (2017), https://arxiv.org/abs/1710.01878
"""

import torch
from torch import Tensor


def smallest(scores: Tensor, sparsity: float) -> Tensor:
    """Mark the lowest scores of every row; of equals, the first ones.

    Args:
        scores: `(rows, N)`, finite.
        sparsity: Which share to mark, 0 to 1; rounded to whole numbers of scores.

    Returns:
        `(rows, N)`, bool, with equally many True in every row.

    Raises:
        ValueError: If scores are not finite, or sparsity is not a share.
    """
    if not 0 <= sparsity <= 1 or scores.ndim != 2 or not scores.isfinite().all():
        got = f"{tuple(scores.shape)}, sparsity {sparsity}"
        raise ValueError(f"wanted finite scores (rows, N) and a share from 0 to 1, got {got}")
    count = round(sparsity * scores.shape[1])
    if count == 0:
        return torch.zeros_like(scores, dtype=torch.bool)
    border = scores.kthvalue(count, dim=1, keepdim=True).values  # (rows, 1)
    below, ties = scores < border, scores == border
    places = ties.cumsum(1, dtype=torch.int32)  # 1 for the first tie in its row, then 2, 3, ...
    return below | (ties & (places <= count - below.sum(1, keepdim=True)))


def prune_magnitude(weight: Tensor, sparsity: float, by_row: bool = True) -> Tensor:
    """Replace the weights nearest to zero by zero.

    Args:
        weight: `(out, in)`, finite.
        sparsity: Which share becomes zero, 0 to 1.
        by_row: Whether weights compete within their row or within the whole matrix.

    Returns:
        A new weight, `(out, in)`, in the same dtype: as many bytes as before.

    Raises:
        ValueError: As in `smallest`.
    """
    scores = weight.abs() if by_row else weight.abs().view(1, -1)
    return weight.masked_fill(smallest(scores, sparsity).view(weight.shape), 0.0)


if __name__ == "__main__":
    weight = torch.tensor(
        [
            [0.1, -0.9, 0.4, 0.0, -0.3, 0.7, 0.2, -0.8],
            [2.0, -0.5, 1.5, 0.6, -3.0, 0.9, 1.1, -0.7],
        ]
    )
    pruned = prune_magnitude(weight, 0.5)
    whole = prune_magnitude(weight, 0.5, by_row=False)
    for name, matrix in {
        "before": weight,
        "half of each row": pruned,
        "half of all": whole,
    }.items():
        for row in matrix.tolist():
            print(f"{name:16}", " ".join("   ." if x == 0 else f"{x:4.1f}" for x in row))
            name = ""
    bytes_before, bytes_after = weight.nbytes, pruned.nbytes
    print(f"bytes: {bytes_before} before, {bytes_after} after")
