"""What the machine that built this page can do: its fastest product, its fastest read, its ridge.

Source: Williams, Waterman, Patterson (2009), https://doi.org/10.1145/1498765.1498785: a roof is
measured, not looked up
"""

from collections.abc import Mapping, Sequence

import torch

from snippets.inference.core_clock import core_seconds
from snippets.inference.roofline import break_even_tokens, ridge_point
from snippets.tools.stopwatch import Work
from snippets.tools.threads import with_threads

MEASURES = True
READ_BYTES = 2**29  # more than the caches of most processors hold
ROOF_SIZES = (256, 512, 1024)


def product_rates(sizes: Sequence[int], rounds: int = 4) -> dict[str, dict[int, float]]:
    """Multiply square matrices of some sizes, in two formats and in turns: FLOP/s at best.

    Raises:
        ValueError: If there is no size, or one is below 1.
    """
    if not sizes or min(sizes) < 1:
        raise ValueError(f"wanted sizes of 1 or more, got {list(sizes)}")
    rates: dict[str, dict[int, float]] = {"float32": {}, "bfloat16": {}}
    for size in sizes:
        long = torch.ones(size, size)
        short = long.bfloat16()
        works = {"float32": lambda a=long: a @ a, "bfloat16": lambda a=short: a @ a}
        for name, seconds in core_seconds(works, rounds).items():
            rates[name][size] = 2 * size**3 / seconds
    return rates


def read_rates(n_bytes: int = READ_BYTES, rounds: int = 4) -> dict[str, float]:
    """Read a large float32 matrix in two ways, in turns: byte/s at best.

    Raises:
        ValueError: If there are fewer bytes than a row of the matrix has.
    """
    if n_bytes < 4 * 8192:
        raise ValueError(f"wanted at least 32,768 bytes, got {n_bytes}")
    matrix, vector = torch.ones(n_bytes // 32_768, 8192), torch.ones(8192)
    works = {"add it up": lambda: matrix.sum(), "times a vector": lambda: matrix @ vector}
    return {name: matrix.nbytes / seconds for name, seconds in core_seconds(works, rounds).items()}


def roof_works() -> dict[str, Work]:
    """List the works that find the roof for float32, to be done in turns with those under it."""
    matrix, vector = torch.ones(READ_BYTES // 32_768, 8192), torch.ones(8192)
    works: dict[str, Work] = {"read": lambda: matrix @ vector}
    for size in ROOF_SIZES:
        square = torch.ones(size, size)
        works[f"product {size}"] = lambda a=square: a @ a
    return works


def roof_of(seconds: Mapping[str, float]) -> tuple[float, float]:
    """Turn the seconds of those works into FLOP/s of the best product and byte/s of the read.

    Raises:
        ValueError: If one of the works is missing.
    """
    wanted = ["read", *(f"product {size}" for size in ROOF_SIZES)]
    if missing := [name for name in wanted if name not in seconds]:
        raise ValueError(f"wanted seconds for {', '.join(wanted)}; {', '.join(missing)} missing")
    flops = max(2 * size**3 / seconds[f"product {size}"] for size in ROOF_SIZES)
    return flops, READ_BYTES / seconds["read"]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    with with_threads(1):
        rates, reads = product_rates((32, 64, 128, 256, 512, 1024)), read_rates()
    bandwidth, rows = max(reads.values()), []
    for name, width in (("float32", 4), ("bfloat16", 2)):
        peak = max(rates[name].values())
        rows.append({"card": "one core of this machine", "format": name, "teraflops": peak / 1e12,
                     "terabytes": bandwidth / 1e12, "ridge": ridge_point(peak, bandwidth),
                     "tokens": break_even_tokens(peak, bandwidth, width),
                     "trust": "measured here"})  # fmt: skip
        print(f"{name:8}: {peak / 1e9:6.0f} GFLOP/s, ridge {rows[-1]['ridge']:.0f} FLOP per byte")
    for name, rate in reads.items():
        print(f"read memory, {name}: {rate / 1e9:.1f} GB/s")
    by = {row["format"]: row for row in rows}
    gigabytes = bandwidth / 1e9
    small = rates["float32"][32] / max(rates["float32"].values())
    reads_agree = max(reads.values()) / min(reads.values())
    short_gain = by["bfloat16"]["teraflops"] / by["float32"]["teraflops"]

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for name, per_size in rates.items():
        ax.plot(list(per_size), [rate / 1e9 for rate in per_size.values()], "o-", label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(rates["float32"]), [str(size) for size in rates["float32"]])
    ax.set(title="Larger products keep the arithmetic busier", ylim=0)
    ax.set(xlabel="rows and columns of both matrices", ylabel="billion operations a second")
    ax.legend()
    plt.show()
