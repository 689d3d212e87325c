"""Fake quantization: round on the way forward, pretend on the way back that nothing happened.

Sources: Jacob et al. (2018), section 3, https://arxiv.org/abs/1712.05877 (nodes that only simulate
integers); Bengio et al. (2013), https://arxiv.org/abs/1308.3432 (the straight-through estimator)
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from snippets.compression.output_error import best_rounding, layer_error


class StraightThrough(torch.autograd.Function):
    """Rounding whose gradient is 1 inside the labels and 0 where values were clipped."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: Tensor, zero: Tensor, low: int, high: int) -> Tensor:
        """Quantize and come back at once: a float again, but one that stands on a label."""
        q = (x * (1 / scale)).round() + zero  # (...), whole numbers, kept as floats
        ctx.save_for_backward((low <= q) & (q <= high))
        return (q.clamp(low, high) - zero) * scale  # (...)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None]:
        """Let the gradient straight through, except where x was clipped."""
        (inside,) = ctx.saved_tensors
        return gradients[0] * inside, None, None, None, None


def fake_quantize(
    x: Tensor, scale: Tensor, low: int, high: int, zero: Tensor | None = None
) -> Tensor:
    """Put x on a grid; it stays a float tensor that can be trained through.

    Args:
        x: Any shape, floating.
        scale: Distance between labels, above 0; broadcasts against x.
        low: The smallest integer, such as -127.
        high: The largest, such as 127.
        zero: The integer that means 0, broadcasts against x; 0 if not said.

    Raises:
        ValueError: If a scale is not above 0, or low is not below high.
    """
    if not low < high or not (scale > 0).all():
        raise ValueError(f"wanted scales above 0 and low < high, got {low=}, {high=}, {scale=}")
    return StraightThrough.apply(x, scale, torch.zeros_like(scale) if zero is None else zero,
                                 low, high)  # fmt: skip


def train_roundings(
    weight: Tensor, inputs: Tensor, rounded: Callable[[Tensor], Tensor], steps: int = 300
) -> tuple[Tensor, list[float]]:
    """Train hidden float weights so that their rounding gives the outputs of `weight`.

    Args:
        weight: `(D,)`, the trained layer, in steps of the grid.
        inputs: `(N, D)`, examples.
        rounded: Rounds `(D,)`, with or without a gradient.
        steps: How many steps of gradient descent.

    Returns:
        The best rounding met on the way, `(D,)`, and the output error before each step.
    """
    hidden = weight.clone().requires_grad_()  # (D)
    best, errors = rounded(weight).detach(), []
    for step in range(steps):
        now = rounded(hidden)  # (D)
        errors.append(layer_error(weight, now.detach(), inputs))
        best = now.detach() if errors[-1] <= min(errors) else best
        (slope,) = torch.autograd.grad((inputs @ (now - weight)).square().mean(), hidden)
        with torch.no_grad():
            hidden -= 0.005 * (1 - step / steps) * slope
    return best, errors


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    one = torch.tensor(1.0)
    x = torch.tensor([-9.3, -0.4, 0.6, 2.2, 9.3], requires_grad=True)
    plain = torch.autograd.grad(x.round().sum(), x)[0].tolist()
    fake = fake_quantize(x, one, -7, 7)
    straight = torch.autograd.grad(fake.sum(), x)[0].tolist()
    kind, labels = str(fake.dtype), fake.tolist()
    print("rounded:", *labels, kind)
    print("gradient of round: ", *plain)
    print("straight through:  ", *straight)

    source = torch.Generator().manual_seed(0)  # the ten weights of the chapter on quantization
    weight = 3 * torch.randn(10, generator=source)
    inputs = torch.randn(64, 1, generator=source) + 0.5 * torch.randn(64, 10, generator=source)
    _, stuck = train_roundings(weight, inputs, torch.round)
    found, errors = train_roundings(weight, inputs, lambda w: fake_quantize(w, one, -15, 15))
    nearest, best = layer_error(weight, weight.round(), inputs), best_rounding(weight, inputs)
    ends = {
        "nearest": nearest,
        "trained through round": min(stuck),
        "straight through": min(errors),
    }
    ends["best of all 1,024"] = layer_error(weight, best, inputs)
    ends = {name: round(error, 2) for name, error in ends.items()}
    for name, error in ends.items():
        print(f"output error, {name}: {error}")

    figure, axes = plt.subplots(1, 2, figsize=(7.0, 3.0))
    line = torch.linspace(-3.4, 3.4, 681)
    axes[0].plot(line, line.round().clamp(-2, 2), label="forward: stairs")
    axes[0].plot(line, line.clamp(-2.5, 2.5), "--", label="backward: a ramp")
    axes[0].legend()
    axes[0].set(title="What a fake-quant node does", xlabel="value in", ylabel="value out")
    axes[1].plot(stuck, label="gradient of round")
    axes[1].plot(errors, linewidth=0.8, label="straight through")
    axes[1].plot([min(errors[: n + 1]) for n in range(len(errors))], label="its best so far")
    axes[1].axhline(ends["best of all 1,024"], color="gray", linestyle=":", label="best possible")
    axes[1].legend()
    axes[1].set(title="Ten weights, trained", xlabel="steps", ylabel="output error", ylim=(0, 4.6))
    plt.show()
