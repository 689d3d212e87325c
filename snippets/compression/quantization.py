"""How wrong do weights become when each may keep only a few bits?

Source: Bennett (1948), "Spectra of Quantized Signals", Bell System Technical Journal 27: an error
spread evenly over one step has root mean square step / sqrt(12).
"""

import math

import torch
from torch import Tensor

from snippets.compression.integer import dequantize_integer, quantize_absmax
from snippets.tools.plot import name_line


def rounding_error(x: Tensor, bits: int, axis: int | None = None) -> float:
    """Measure the typical (root mean square) error of one absmax round trip, in units of x."""
    q, scale = quantize_absmax(x, bits, axis)
    return (dequantize_integer(q, scale) - x).square().mean().sqrt().item()


def expected_rounding_error(step: float) -> float:
    """Predict it: an error anywhere in half a step either way is step / sqrt(12) in the mean."""
    return step / math.sqrt(12)


def decibels(signal: float, noise: float) -> float:
    """Say how far the noise lies below the signal; 6 dB more is half the noise."""
    return 20 * math.log10(signal / noise)


def error_by_bits(x: Tensor, choices: list[int]) -> list[dict[str, float]]:
    """Measure and predict the error of x for every bit width."""
    rows, size = [], x.square().mean().sqrt().item()
    for bits in choices:
        step = quantize_absmax(x, bits)[1].item()
        error = rounding_error(x, bits)
        row = {"bits": bits, "labels": 2**bits - 1, "step": step, "error": error}
        row |= {"expected": expected_rounding_error(step), "percent": 100 * error / size}
        rows.append(row | {"db": decibels(size, error)})
    return rows


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    SPREAD = 0.02  # the standard deviation that GPT-2 starts its weights with
    weights = SPREAD * torch.randn(512, 512, generator=torch.Generator().manual_seed(0))
    count = weights.numel()
    rows = error_by_bits(weights, [8, 7, 6, 5, 4, 3, 2])
    print("bits  labels     step    error  expected  of a weight      dB")
    for row in rows:
        print(
            f"{row['bits']:4} {row['labels']:7} {row['step']:8.5f} {row['error']:8.5f}"
            f" {row['expected']:9.5f} {row['percent']:11.1f}% {row['db']:7.1f}"
        )
    eight, four, two = rows[0], rows[4], rows[6]
    last_bit_db = rows[0]["db"] - rows[1]["db"]

    _, ax = plt.subplots(figsize=(6.4, 3.4))
    bits = [row["bits"] for row in rows]
    ax.plot(bits, [row["expected"] for row in rows], "C1--")
    ax.plot(bits, [row["error"] for row in rows], "C0o-")
    ax.set_yscale("log", base=2)
    ax.margins(y=0.12)
    name_line(ax, "expected: step / √12", 2.05, 1.05 * two["expected"])
    name_line(ax, "measured", 8, eight["error"])
    ax.set(title="Every bit you take away about doubles the error", xlabel="bits per weight")
    ax.set_ylabel("typical error (unit of the weights)")
    plt.show()
