"""Labels at equal distances for each row and group of neighbours; every weight takes the nearest.

Source: Jacob et al. (2018), section 2.1, https://arxiv.org/abs/1712.05877 (the grid); groups of
neighbours: Frantar et al. (2022), "Grouping", https://arxiv.org/abs/2210.17323
"""

import torch
from torch import Tensor

from snippets.compression.integer import affine_grid


def minmax_grid(x: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    """Spread 2**bits labels from the smallest to the largest number of every row, and 0.

    Args:
        x: `(rows, N)`, finite.
        bits: 2 to 8.

    Returns:
        The step and the integer that means zero, `(rows, 1)` each, float32.
    """
    step, zero = affine_grid(x, bits, axis=0)
    return step, zero.float()


def to_grid(x: Tensor, step: Tensor, zero: Tensor, bits: int) -> Tensor:
    """Replace each number by its nearest label, float32, shaped as x; step and zero broadcast."""
    low = -(2 ** (bits - 1))
    labels = (x / step).round().add(zero).clamp(low, low + 2**bits - 1)
    return (labels - zero) * step


def round_to_nearest(weight: Tensor, bits: int, group_size: int) -> Tensor:
    """Round every weight by itself (RTN), which is what all cleverer methods must beat.

    Args:
        weight: `(out, in)`, finite.
        bits: 2 to 8.
        group_size: How many neighbours in a row share step and zero; the last may be fewer.

    Returns:
        float32, `(out, in)`.

    Raises:
        ValueError: If the group size is below 1, or as in `affine_grid`.
    """
    if group_size < 1:
        raise ValueError(f"wanted groups of at least 1 weight, got {group_size}")
    whole = weight.shape[1] // group_size * group_size  # what stands behind is a shorter group
    groups = (weight[:, :whole].reshape(-1, group_size), weight[:, whole:])
    full = [group for group in groups if group.numel()] or [weight]  # which is refused as empty
    rounded = [to_grid(group.float(), *minmax_grid(group, bits), bits) for group in full]
    return torch.cat([group.view(len(weight), -1) for group in rounded], dim=1)


def output_loss(weight: Tensor, rounded: Tensor, hessian: Tensor) -> float:
    """Say which share of a layer's output is lost: ||X (Q - W)^T||^2 / ||X W^T||^2.

    Args:
        weight: W, `(out, in)`.
        rounded: Q, `(out, in)`.
        hessian: X^T X, `(in, in)`, which is all that must be known of the inputs X.
    """
    return squared_output(rounded - weight, hessian) / squared_output(weight, hessian)


def squared_output(weight: Tensor, hessian: Tensor) -> float:
    """Add up the squares of a layer's output, ||X W^T||^2, from W `(out, in)` and X^T X."""
    return float(((weight @ hessian) * weight).sum())


if __name__ == "__main__":
    torch.manual_seed(0)
    weight = torch.randn(256, 512)
    for group_size in (512, 128, 64, 32):
        rounded = round_to_nearest(weight, 4, group_size)
        error = float((rounded - weight).norm() / weight.norm())
        print(f"4 bits, groups of {group_size:3}: a typical weight is off by {error:.1%}")
