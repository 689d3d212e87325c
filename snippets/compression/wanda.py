"""Wanda: a weight matters as much as its size times the loudness of what it is multiplied by.

Source: Sun et al. (2023), section 3 and algorithm 1, https://arxiv.org/abs/2306.11695
"""

import torch
from torch import Tensor

from snippets.compression.pruning import prune_magnitude, smallest


def wanda_scores(weight: Tensor, loudness: Tensor) -> Tensor:
    """Score every weight by |W| times the norm of its input.

    Args:
        weight: W, `(out, in)`.
        loudness: `(in,)`, the length ||X_j|| of each input channel over a calibration text.

    Returns:
        `(out, in)`, to be compared within a row.

    Raises:
        ValueError: If there is not one loudness for each column.
    """
    if loudness.shape != weight.shape[1:]:
        wanted = f"one loudness for each of {weight.shape[1]} columns"
        raise ValueError(f"wanted {wanted}, got {tuple(loudness.shape)}")
    return weight.abs() * loudness


def prune_wanda(weight: Tensor, loudness: Tensor, sparsity: float) -> Tensor:
    """Replace the lowest scores of every row by zero; the rest stays as it is.

    Args:
        weight: `(out, in)`, finite.
        loudness: `(in,)`, as in `wanda_scores`.
        sparsity: Which share of each row becomes zero, 0 to 1.

    Raises:
        ValueError: As in `wanda_scores` and `smallest`.
    """
    return weight.masked_fill(smallest(wanda_scores(weight, loudness), sparsity), 0.0)


def lost_output(weight: Tensor, pruned: Tensor, inputs: Tensor) -> float:
    """Say how large the change of a layer's output is, as a share of the output.

    Args:
        weight: `(out, in)`.
        pruned: `(out, in)`.
        inputs: `(N, in)`.
    """
    return float((inputs @ (pruned - weight).T).norm() / (inputs @ weight.T).norm())


if __name__ == "__main__":
    strings = torch.tensor([[0.1, 5.0, -1.0, 0.5]])  # four weights of one output
    inputs = torch.tensor([[90.0, 0.0, 3.0, 1.0], [-120.0, 0.1, -4.0, 2.0]])  # two examples
    loudness = inputs.norm(dim=0)  # (in,)
    scores = wanda_scores(strings, loudness)
    print("weights ", *(f"{x:7.1f}" for x in strings[0]))
    print("loudness", *(f"{x:7.1f}" for x in loudness))
    print("scores  ", *(f"{x:7.1f}" for x in scores[0]))
    ways = {
        "magnitude": prune_magnitude(strings, 0.5),
        "Wanda": prune_wanda(strings, loudness, 0.5),
    }
    lost = {}
    for name, pruned in ways.items():
        lost[name] = round(lost_output(strings, pruned, inputs), 3)
        kept = ", ".join(f"{x:g}" for x in pruned[0].tolist() if x)
        print(f"{name} keeps {kept} and loses {lost[name]:.1%} of the output")
