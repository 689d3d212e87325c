"""Three ways of muting half of the same matrix: anywhere, two of every four, whole rows.

Source: Mishra et al. (2021), section 2, https://arxiv.org/abs/2104.08378 (unstructured and
structured sparsity)
"""

import torch
from torch import Tensor

from snippets.compression.pruning import prune_magnitude
from snippets.compression.two_of_four import prune_two_of_four


def half_muted(weight: Tensor) -> dict[str, Tensor]:
    """Keep half of a matrix in three patterns, each time what is largest.

    Args:
        weight: `(out, in)`, out even, in divisible by 4.

    Returns:
        For the name of each pattern, what stays, `(out, in)`, bool.

    Raises:
        ValueError: If half of the rows is no whole number, or as in `prune_two_of_four`.
    """
    if len(weight) % 2:
        raise ValueError(f"wanted an even number of rows, got {len(weight)}")
    strong = weight.norm(dim=1).topk(len(weight) // 2).indices
    rows = torch.zeros_like(weight, dtype=torch.bool)
    rows[strong] = True
    return {
        "anywhere": prune_magnitude(weight, 0.5, by_row=False) != 0,
        "two of four": prune_two_of_four(weight, weight.abs()) != 0,
        "whole rows": rows,
    }


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    weight = torch.randn(16, 16, generator=torch.Generator().manual_seed(0))
    figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.8))
    kept_size = {}
    for ax, (name, stays) in zip(axes, half_muted(weight).items(), strict=True):
        kept_size[name] = round(float((weight * stays).norm() / weight.norm()), 2)
        ax.pcolormesh(stays.numpy(), cmap="Blues", vmax=1.4, edgecolors="white", linewidth=0.5)
        ax.invert_yaxis()
        ax.set_aspect("equal")
        ax.set(title=name, xticks=range(0, 17, 4), yticks=[], xlabel="inputs")
    axes[0].set_ylabel("outputs")
    for name, size in kept_size.items():
        print(f"{name:12} half of the weights stay, and {size:.0%} of their size")
    plt.show()
