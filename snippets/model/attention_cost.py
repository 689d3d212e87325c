"""What attention costs: operations by formula and by counting, and the largest table it holds.

Sources: Vaswani et al. (2017), table 1, https://arxiv.org/abs/1706.03762;
Dao et al. (2022), https://arxiv.org/abs/2205.14135
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from snippets.model.attention import attention
from snippets.model.flash import tiled_attention
from snippets.tools.plot import name_line


def attention_flops(n: int, d: int) -> int:
    """Multiplications and additions of Q K^T and of weights V, for n positions of d numbers."""
    return 2 * (2 * n * n * d)


def projection_flops(n: int, d: int) -> int:
    """The same for the four d x d matrices around it (queries, keys, values, output)."""
    return 4 * (2 * n * d * d)


def vaswani_table_1(n: int, d: int) -> list[dict]:
    """Leading orders as in table 1 of the paper: operations per layer, and steps in a row."""
    return [
        {"layer": "recurrent", "operations": n * d * d, "steps in a row": n},
        {"layer": "self-attention", "operations": n * n * d, "steps in a row": 1},
    ]


class _LargestTensor(TorchDispatchMode):
    """Look at every tensor that PyTorch makes and remember the largest."""

    largest = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        if isinstance(result, Tensor):
            self.largest = max(self.largest, result.numel())
        return result


def largest_tensor(function: Callable[..., Tensor], n: int, d: int) -> int:
    """Count the elements of the largest tensor made while `function` reads n positions.

    The meta device computes shapes without numbers, so that a table too large for any
    machine can still be counted.

    Args:
        function: Called with q, k and v, each `(1, 1, n, d)`.
        n: Positions, at least 1.
        d: Numbers per position, at least 1.

    Raises:
        ValueError: If a size is below 1.
    """
    if min(n, d) < 1:
        raise ValueError(f"sizes must be at least 1, got n={n}, d={d}")
    q, k, v = (torch.empty(1, 1, n, d, device="meta") for _ in range(3))
    with _LargestTensor() as watch:
        function(q, k, v)
    return watch.largest


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    d, block = 64, 1024
    rows = []
    for n in (1_024, 4_096, 16_384):
        table = largest_tensor(attention, n, d)
        tiles = largest_tensor(lambda q, k, v: tiled_attention(q, k, v, block), n, d)
        rows.append({"n": n, "flops": attention_flops(n, d), "table": table, "tiles": tiles})
        print(f"n {n:>6,}: {rows[-1]['flops']:>14,} FLOPs, table {table:>11,}, tiled {tiles:>9,}")
    flops_ratio = rows[1]["flops"] / rows[0]["flops"]
    table_ratio = rows[1]["table"] / rows[0]["table"]
    print(f"four times the positions: FLOPs x{flops_ratio:g}, table x{table_ratio:g}")
    one_layer_gb = round(32 * rows[-1]["table"] * 2 / 1e9, 1)  # 32 heads, 2 bytes a number

    width = 512
    short, long = vaswani_table_1(64, width), vaswani_table_1(4096, width)
    sizes = range(1, 9999)
    breakeven = next(n for n in sizes if attention_flops(n, width) >= projection_flops(n, width))
    print(f"width {width}: reading costs what projecting costs at n = {breakeven}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    lengths = [row["n"] for row in rows]
    for name, key in (("one big table", "table"), (f"tiles of {block}", "tiles")):
        ax.plot(lengths, [row[key] for row in rows], marker="o")
        name_line(ax, name, lengths[-1], rows[-1][key])
    ax.set(xscale="log", yscale="log", xlim=(900, 60_000), xticks=lengths, xticklabels=lengths)
    ax.minorticks_off()
    ax.set(title="The largest tensor that one head makes", xlabel="positions, n")
    ax.set(ylabel="numbers held")
    plt.show()
