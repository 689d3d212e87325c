"""Does a narrower matrix multiply faster? Measured: 32-bit and 16-bit floats, 8-bit integers.

Source: PyTorch 2.13, `torch._weight_int8pack_mm` (a function without promises for the future),
aten/src/ATen/native/cpu/int8mm_kernel.cpp, https://github.com/pytorch/pytorch
"""

from time import thread_time

import torch
from torch import Tensor
from torch.nn.functional import linear

from snippets.compression.integer import quantize_absmax
from snippets.tools.stopwatch import in_turns
from snippets.tools.threads import with_threads

MEASURES = True


def int8_weight_only(x: Tensor, q: Tensor, scale: Tensor) -> Tensor:
    """Multiply 8-bit weights, one scale for each output, with floats: `x @ (q * scale).T`.

    Args:
        x: `(B, in)`; bfloat16 has a quick kernel on CPUs, float32 (in PyTorch 2.13) has none.
        q: `(out, in)`, int8.
        scale: `(out, 1)`.

    Returns:
        `(B, out)`, in the dtype of x.

    Raises:
        ValueError: If shapes or types do not fit, or `in` is no multiple of 32: the kernel does
            not check that and would read beyond the end.
    """
    if q.shape[-1] % 32:
        raise ValueError(f"the kernel reads whole runs of 32, got rows of {q.shape[-1]}")
    if q.dtype != torch.int8 or scale.shape != (len(q), 1) or x.shape[-1] != q.shape[1]:
        got = f"{tuple(x.shape)}, {q.dtype} {tuple(q.shape)} and {tuple(scale.shape)}"
        raise ValueError(f"wanted (B, in), int8 (out, in) and (out, 1), got {got}")
    return torch._weight_int8pack_mm(x, q, scale.flatten().to(x.dtype))


if __name__ == "__main__":
    SIDE = 8192
    generator = torch.Generator().manual_seed(0)
    weight, x = (torch.randn(rows, SIDE, generator=generator) for rows in (SIDE, 1))
    q, scale = quantize_absmax(weight, axis=0)
    short, short_x = weight.bfloat16(), x.bfloat16()
    products = {
        "float32": (weight.nbytes, lambda: linear(x, weight)),
        "bfloat16": (short.nbytes, lambda: linear(short_x, short)),
        "int8, bfloat16 in": (q.nbytes, lambda: int8_weight_only(short_x, q, scale)),
        "int8, float32 in": (q.nbytes, lambda: int8_weight_only(x, q, scale)),
    }
    with with_threads(1):
        fastest = in_turns(
            {name: product for name, (_, product) in products.items()}, 9, thread_time
        )
    rows = []
    for name, (size, _) in products.items():
        seconds = fastest[name]
        rows.append({"weights": name, "megabytes": size / 1e6, "ms": 1e3 * seconds,
                     "gigabytes": size / seconds / 1e9})  # fmt: skip
        rows[-1]["speed"] = rows[0]["ms"] / rows[-1]["ms"]
        print(f"{name:17} {size / 1e6:4.0f} MB in {1e3 * seconds:6.1f} ms", end="")
        print(f", {rows[-1]['speed']:4.1f} times the speed of float32")
    by, weights = {row["weights"]: row["speed"] for row in rows}, weight.numel()
    exact, rounded = linear(x, weight), int8_weight_only(short_x, q, scale).float()
    off = round(100 * float((rounded - exact).norm() / exact.norm()), 1)
    print(f"the answer of int8 is off by {off} %")
