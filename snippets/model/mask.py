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


def rows_beside_weights(scores: Tensor) -> list[str]:
    """Write every row of scores next to what softmax makes of it, for printing.

    Args:
        scores: `(n, m)`; infinities and NaN are allowed, that is what there is to see.
    """
    lines = []
    for row, weights in zip(scores, scores.softmax(-1), strict=True):
        left = "".join(f"{float(x) + 0.0:5.1f}" for x in row)
        lines.append(left + "  |" + "".join(f"{float(w):6.2f}" for w in weights))
    return lines


if __name__ == "__main__":
    scores = torch.tensor([[1.0, 0.0, -1.0], [2.0, 1.0, 3.0], [0.0, 1.0, 1.0]])
    bias = causal_bias(3)

    allowed = (bias == 0).float()  # 1 where reading is allowed, 0 where not

    ways = {
        "added": scores + bias,
        "multiplied": scores * bias,
        "multiplied by 1 or 0": scores * allowed,
    }
    for name, masked in ways.items():
        print(f"{name}: scores | weights", *rows_beside_weights(masked), sep="\n")
    broken = int(ways["multiplied"].softmax(-1).isnan().any(-1).sum())
    leak = round(float(ways["multiplied by 1 or 0"].softmax(-1)[0, 1:].sum()), 2)
    print(f"here the first word spends {leak:.0%} on the future")
