"""Answers to the exercises on weight formats: bits, file sizes, and two weights by hand.

Source: Frantar et al. (2022), https://arxiv.org/abs/2210.17323 (no. 3)
"""

import torch

from snippets.compression.k_quants import K_LAYOUTS


def two_equal_inputs(weights: tuple[float, float], damping: float = 0.01) -> list[float]:
    """Round two weights whose inputs are equal: the first, what the second becomes, the second."""
    hessian = torch.ones(2, 2) + damping * torch.eye(2)
    inverse = torch.linalg.inv(hessian)
    first = round(weights[0])
    miss = (weights[0] - first) / inverse[0, 0]
    moved = weights[1] - float(miss * inverse[0, 1])
    return [first, moved, round(moved)]


if __name__ == "__main__":
    three_bits = 3 + (16 + 3) / 64
    print(f"1. {three_bits:.2f} bits")

    WEIGHTS = 8.03e9
    sizes = {kind: layout.itemsize / 256 * WEIGHTS / 1e9 for kind, layout in K_LAYOUTS.items()}
    q4_k, q6_k = sizes.values()
    print(f"2. {q4_k:.2f} GB and {q6_k:.2f} GB")

    first, moved, second = two_equal_inputs((0.4, 0.4))
    print(f"3. the first becomes {first}, the second is moved to {moved:.2f} and becomes {second}")
    print(f"   nearest is off by {0.8:.1f}, GPTQ by {abs(first + second - 0.8):.1f}")
