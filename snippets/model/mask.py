"""A mask is added before the softmax: 0 where reading is allowed, minus infinity where not.

Source: Vaswani et al. (2017), section 3.2.3, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor


def causal_bias(n: int) -> Tensor:
    """Build what is added to the scores of n positions: 0 on and below the diagonal, -inf above.

    Args:
        n: Number of positions, at least 1.

    Returns:
        `(n, n)`, float32.

    Raises:
        ValueError: If n is below 1.
    """
    if n < 1:
        raise ValueError(f"need at least 1 position, got {n}")
    return torch.full((n, n), float("-inf")).triu(1)


def rounded_rows(rows: Tensor) -> list[list[float]]:
    """Round a matrix for printing; NaN stays NaN.

    Args:
        rows: `(n, m)`.
    """
    return [[round(float(x), 2) for x in row] for row in rows]


if __name__ == "__main__":
    scores = torch.tensor([[1.0, 0.0, -1.0], [2.0, 1.0, 3.0], [0.0, 1.0, 1.0]])
    bias = causal_bias(3)

    added = scores + bias
    print("scores + mask      ", rounded_rows(added))
    print("softmax            ", rounded_rows(added.softmax(-1)))
    added_sums = added.softmax(-1).sum(-1).round(decimals=3).tolist()

    multiplied = scores * bias
    print("scores * mask      ", rounded_rows(multiplied))
    print("softmax            ", rounded_rows(multiplied.softmax(-1)))
    broken = int(multiplied.softmax(-1).isnan().any(-1).sum())

    allowed = (bias == 0).float()  # the other wrong way: multiply by 1 and 0
    leaking = (scores * allowed).softmax(-1)
    print("scores * (1 or 0)  ", rounded_rows(leaking))
    leak = round(float(leaking[0, 1:].sum()), 2)
    print(f"the first word spends {leak:.0%} of its attention on the future")
