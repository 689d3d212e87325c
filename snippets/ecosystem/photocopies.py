"""Fit a bell curve to numbers, draw new numbers from it, fit again: a photocopy of a photocopy.

Sources: Shumailov et al. (2024), Nature 631, https://doi.org/10.1038/s41586-024-07566-y, section
"Theoretical intuition" (variance vanishes); Gerstgrasser et al. (2024),
https://arxiv.org/abs/2404.01413 (not if the data pile up)
"""

import math

import torch
from torch import Tensor

COPIES = 100
COPY_RUNS = {10: 10_000, 100: 1_000, 1000: 400}  # numbers in a generation: independent runs


def refit_spreads(size: int, generations: int, runs: int, pile_up: bool, seed: int) -> Tensor:
    """Refit a bell curve generation after generation, in many runs at once.

    Args:
        size: How many numbers each generation draws, n.
        generations: How often it is refitted after the first, real numbers.
        runs: How many independent runs, R.
        pile_up: Keep all numbers so far, the real ones too; else only the newest.
        seed: Of chance.

    Returns:
        `(R, generations + 1)`, float64, the fitted standard deviation; the real one is 1.

    Raises:
        ValueError: If there are fewer than two numbers, which have no spread.
    """
    if size < 2:
        raise ValueError(f"wanted two numbers or more to fit a spread, got {size}")
    chance = torch.Generator().manual_seed(seed)
    nothing = torch.zeros(runs, 1, dtype=torch.float64)
    mean, spread = nothing, nothing + 1  # the real curve
    total, squares, count, told = nothing, nothing, 0, []
    for _ in range(generations + 1):
        drawn = torch.randn(runs, size, generator=chance, dtype=torch.float64)
        drawn = mean + spread * drawn  # (R, n)
        if not pile_up:
            total, squares, count = nothing, nothing, 0
        count += size
        total = total + drawn.sum(1, keepdim=True)
        squares = squares + drawn.square().sum(1, keepdim=True)
        mean = total / count
        spread = ((squares - count * mean**2) / (count - 1)).clamp(min=0).sqrt()
        told.append(spread)
    return torch.cat(told, dim=1)


def typical_spread(size: int, refits: int) -> float:
    r"""Compute the typical (geometric mean) spread after so many fits of n new numbers each.

    $\exp\frac{g}{2}\left(\psi(\tfrac{n-1}{2}) - \ln\tfrac{n-1}{2}\right)$, about $e^{-g/2n}$.

    Args:
        size: n, numbers in each generation.
        refits: g, how often it was fitted.
    """
    half = torch.tensor((size - 1) / 2, dtype=torch.float64)
    return math.exp(refits / 2 * float(torch.digamma(half) - half.log()))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    by_hand = [1.0, 4.0, 7.0]
    middle = sum(by_hand) / 3
    variance = sum((x - middle) ** 2 for x in by_hand) / 2
    print(f"by hand: {by_hand}, mean {middle}, spread {variance**0.5}")
    figure, axes = plt.subplots(1, 2, figsize=(6.6, 3.0), sharey=True)
    rows = []
    for size, runs in COPY_RUNS.items():
        row = {"size": size, "formula": typical_spread(size, COPIES + 1)}
        for ax, name in zip(axes, ("replaced", "piled up"), strict=True):
            told = refit_spreads(size, COPIES, runs, name == "piled up", seed=size)
            row[name] = float(told[:, -1].median())
            ax.plot(range(COPIES + 1), told.median(0).values, label=f"{size} numbers")
            ax.set(title=name, xlabel="generation", ylim=(0, 1.05))
        rows.append(row)
        print("{size:5} numbers: spread {replaced:.3f} if replaced (formula {formula:.3f}), "
              "{piled up:.3f} if piled up".format(**row))  # fmt: skip
    axes[0].set_ylabel("spread (median of runs)")
    axes[1].legend(loc="lower right")
    plt.show()
