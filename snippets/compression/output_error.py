"""Round each weight to its nearest label, or all of them so that the output stays? Not the same.

Source: Nagel et al. (2020), "Up or Down? Adaptive Rounding for Post-Training Quantization",
https://arxiv.org/abs/2004.10568.
"""

from itertools import product

import torch
from torch import Tensor


def layer_error(weight: Tensor, rounded: Tensor, inputs: Tensor) -> float:
    """Measure how far the layer's output moved: root mean square over the inputs.

    Args:
        weight: `(D,)`, one output's weights.
        rounded: `(D,)`, the same after rounding.
        inputs: `(N, D)`, examples of what the layer reads.
    """
    moved = inputs @ (rounded - weight)  # (N)
    return moved.square().mean().sqrt().item()


def best_rounding(weight: Tensor, inputs: Tensor) -> Tensor:
    """Try every way to round each weight down or up; keep the one whose output moves least.

    Costs 2**D trials, so this is for understanding and not for use.

    Raises:
        ValueError: If there are more than 12 weights to try.
    """
    if len(weight) > 12:
        raise ValueError(f"at most 12 weights can be tried in all ways, got {len(weight)}")
    choices = torch.tensor(list(product((0.0, 1.0), repeat=len(weight))))  # (2**D, D)
    candidates = weight.floor() + choices.to(weight)  # (2**D, D)
    moved = inputs @ (candidates - weight).mT  # (N, 2**D)
    return candidates[moved.square().mean(0).argmin()]


if __name__ == "__main__":
    bill = torch.tensor([0.4, 0.4, 0.4])  # in steps of the grid
    together = torch.ones(1, 3)  # one example in which the three inputs move as one
    nearest, wiser = bill.round(), best_rounding(bill, together)
    rows = []
    for name, rounded in [("nearest", nearest), ("best for the output", wiser)]:
        weight_error = round((rounded - bill).square().mean().sqrt().item(), 3)
        output_error = round(layer_error(bill, rounded, together), 3)
        coins = " + ".join(f"{x:.0f}" for x in sorted(rounded.tolist()))
        rows.append({"rounding": name, "weights": weight_error, "output": output_error})
        print(f"{name:19} {coins}: weights off by {weight_error}, output by {output_error}")

    source = torch.Generator().manual_seed(0)
    weight = 3 * torch.randn(10, generator=source)
    inputs = torch.randn(64, 1, generator=source) + 0.5 * torch.randn(64, 10, generator=source)
    ten_nearest = layer_error(weight, weight.round(), inputs)
    ten_best = layer_error(weight, best_rounding(weight, inputs), inputs)
    print(f"ten weights, 64 examples: output error {ten_nearest:.3f} -> {ten_best:.3f}")
