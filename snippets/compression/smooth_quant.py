"""SmoothQuant on a real layer: 8-bit weights times 8-bit inputs, in whole numbers.

Source: Xiao et al. (2022), section 4, equations 3 and 4, https://arxiv.org/abs/2211.10438
"""

import torch
from torch import Tensor

from snippets.compression.integer import quantize_absmax
from snippets.compression.layer_inputs import (
    LOUD_CHANNEL,
    LOUD_TOKEN,
    calibration_and_test,
    listen_to_layers,
)
from snippets.compression.smoothing import smoothing
from snippets.model.smollm2 import load


def integer_layer(inputs: Tensor, weight: Tensor, limit: float) -> Tensor:
    """Multiply 8-bit inputs with 8-bit weights as integers; scale once, at the end (W8A8).

    Args:
        inputs: `(N, in)`; one scale for all of them, chosen beforehand (static).
        weight: `(out, in)`; one scale for each row.
        limit: The magnitude of inputs that becomes 127; what is larger is clipped.

    Returns:
        `(N, out)`, float.
    """
    step = limit / 127
    q = (inputs / step).round().clamp(-127, 127).to(torch.int32)  # (N, in)
    rows, scale = quantize_absmax(weight, bits=8, axis=0)  # (out, in) and (out, 1)
    sums = q @ rows.to(torch.int32).mT  # (N, out), exact
    return sums * (step * scale.mT)


def relative_error(got: Tensor, wanted: Tensor) -> float:
    """Measure how far outputs `(N, out)` moved, against their own length; the median token's."""
    return ((got - wanted).norm(dim=1) / wanted.norm(dim=1)).median().item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    layers = (LOUD_CHANNEL, LOUD_TOKEN)
    examples, fresh = (
        listen_to_layers(model, ids, layers) for ids in calibration_and_test(tokenizer)
    )
    weight, seen = examples[0]
    read, exact = fresh[0][1], fresh[0][1] @ weight.mT
    s = smoothing(seen, weight)
    change = (read / s) @ (weight * s).mT - exact
    unchanged = bool(change.abs().max() < 1e-5 * exact.abs().max())
    print("without rounding, the output stays as it was:", unchanged)

    rows, curves = [], []
    for layer, (weight, x), (_, new) in zip(layers, examples, fresh, strict=True):
        plain = integer_layer(new, weight, x.abs().max().item())
        row, exact = {"layer": layer.title}, new @ weight.mT
        levels, scale = quantize_absmax(weight, bits=8, axis=0)
        row["weights only"] = round(100 * relative_error(new @ (levels * scale).mT, exact), 1)
        row["plain"] = round(100 * relative_error(plain, exact), 1)
        curve = []
        for strength in (0.0, 0.25, 0.5, 0.75, 1.0):
            s = smoothing(x, weight, strength)
            smooth = integer_layer(new / s, weight * s, (x / s).abs().max().item())
            curve.append(round(100 * relative_error(smooth, exact), 1))
        row |= {"smooth": curve[2], "times": round(row["plain"] / curve[2], 1)}
        rows.append(row)
        curves.append(curve)
        print(f"block {layer.block}: 8-bit weights, outputs off", "{weights only:.1f} %; inputs"
              " too, {plain:.1f} %; smoothed {smooth:.1f} %".format(**row))  # fmt: skip
    print("first layer, strength from 0 to 1:", ", ".join(f"{error:.1f} %" for error in curves[0]))

    figure, axes = plt.subplots(1, 2, figsize=(7.0, 3.0), sharey=True)
    (weight, x), s = examples[0], smoothing(examples[0][1], examples[0][0])
    pairs = {"before": (x, weight), "after": (x / s, weight * s)}
    for ax, (title, (inputs, matrix)) in zip(axes, pairs.items(), strict=True):
        for name, values in (("inputs", inputs), ("weights", matrix)):
            ax.plot(values.abs().amax(0), linewidth=0.8, label=name)
        ax.set(title=title, xlabel="channel")
    axes[0].set_ylabel("largest magnitude")
    axes[0].legend()
    plt.show()
