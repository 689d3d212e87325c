"""Smoothing: divide a loud channel in the inputs, multiply it in the weights; the product stays.

Source: Xiao et al. (2022), section 4, equations 3 and 4, https://arxiv.org/abs/2211.10438
"""

import torch
from torch import Tensor


def smoothing(inputs: Tensor, weight: Tensor, strength: float = 0.5) -> Tensor:
    """Choose by how much each channel is divided in the inputs and multiplied in the weight.

    Args:
        inputs: `(N, in)`, examples of what the layer reads.
        weight: `(out, in)`.
        strength: 0 evens out the weights, 1 the inputs, 0.5 shares the trouble.

    Returns:
        `(in,)`, above 0.

    Raises:
        ValueError: If strength is not from 0 to 1, or channels differ.
    """
    if not 0 <= strength <= 1 or inputs.shape[-1] != weight.shape[1]:
        shapes = f"inputs {tuple(inputs.shape)}, weight {tuple(weight.shape)}"
        raise ValueError(f"wanted strength in 0..1 and equal channels, got {strength}, {shapes}")
    loud, heavy = (x.abs().amax(0).clamp(min=1e-5) for x in (inputs, weight))  # (in) each
    return loud**strength / heavy ** (1 - strength)


if __name__ == "__main__":
    inputs = torch.tensor([[16.0, -1.0], [-8.0, 0.5]])  # 2 tokens, 2 channels; the first is loud
    weight = torch.tensor([[0.5, 1.0], [-1.0, 0.25]])  # 2 outputs
    s = smoothing(inputs, weight)
    divisors, before = s.tolist(), (inputs @ weight.mT).tolist()
    after = ((inputs / s) @ (weight * s).mT).tolist()
    print("divide channels by", *divisors)
    print("inputs ", inputs.tolist(), "->", (inputs / s).tolist())
    print("weights", weight.tolist(), "->", (weight * s).tolist())
    print("outputs", before, "->", after)
