"""What zeros save in time: the same matrix times a vector, stored in several ways.

Sources: Mishra et al. (2021), section 1, https://arxiv.org/abs/2104.08378 (why fine-grained zeros
are hard to skip); Wanda's section on speed, Sun et al. (2023), https://arxiv.org/abs/2306.11695
"""

from time import thread_time

import torch
from torch import Tensor

from snippets.compression.pruning import prune_magnitude
from snippets.compression.sparse_storage import csr_bytes, to_csr
from snippets.compression.two_of_four import (
    pack_two_of_four,
    prune_two_of_four,
    unpack_two_of_four,
)
from snippets.tools.stopwatch import in_turns
from snippets.tools.threads import with_threads

MEASURES = True


def csr_times(
    weight: Tensor, x: Tensor, shares: tuple[float, ...], rounds: int = 100
) -> list[dict[str, float]]:
    """Prune more and more and compare CSR with dense: time and bytes, each as a ratio.

    Args:
        weight: `(out, in)`, dense.
        x: `(in, B)`.
        shares: Which parts of the weights become zero.
        rounds: How many products of each, dense and CSR in turns.
    """
    rows = []
    for share in shares:
        csr = to_csr(prune_magnitude(weight, share))
        products = {"dense": lambda: weight @ x, "CSR": lambda csr=csr: csr @ x}
        seconds = in_turns(products, rounds, thread_time)
        size = csr_bytes(csr) / weight.nbytes
        rows.append({"zeros": share, "time": seconds["CSR"] / seconds["dense"], "bytes": size})
    return rows


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    SIDE, SHARES = 2048, (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
    chance = torch.Generator().manual_seed(0)
    weight, x = (torch.randn(SIDE, n, generator=chance) for n in (SIDE, 1))
    half, fours = prune_magnitude(weight, 0.5), prune_two_of_four(weight, weight.abs())
    packed, fewer = pack_two_of_four(fours), weight[: SIDE // 2].clone()
    products = {
        "dense": lambda: weight @ x,
        "dense, half of it zeros": lambda: half @ x,
        "2:4, unpacked, then dense": lambda: unpack_two_of_four(*packed) @ x,
        "half of the rows removed": lambda: fewer @ x,
    }
    with with_threads(1):
        seconds = in_turns(products, 100, thread_time)
        curve = csr_times(weight, x, SHARES)
    rows = [
        {"stored": name, "microseconds": 1e6 * time, "ratio": time / seconds["dense"]}
        for name, time in seconds.items()
    ]
    by = {row["stored"]: row["ratio"] for row in rows}
    for row in rows:
        print(f"{row['stored']:26} {row['microseconds']:8,.0f} µs {row['ratio']:6.2f} x dense")
    for row in curve:
        print(
            f"CSR, {row['zeros']:.0%} zeros: {row['time']:.2f} x time, {row['bytes']:.2f} x bytes"
        )
    slow = max(row["zeros"] for row in curve if row["time"] > 1)
    fast = min((row["zeros"] for row in curve if row["time"] < 1), default=1.0)

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    zeros = [100 * row["zeros"] for row in curve]
    ax.plot(zeros, [row["time"] for row in curve], "o-", label="CSR, time")
    ax.plot(zeros, [row["bytes"] for row in curve], "s--", label="CSR, bytes")
    ax.plot(zeros, [1 - share / 100 for share in zeros], ":", label="rows removed, bytes")
    ax.axhline(1, color="#888888")
    ax.text(62, 1.1, "dense: time and bytes")
    ax.legend()
    ax.set(title="When do zeros pay?", xlabel="zeros (%)", ylabel="compared with dense", ylim=0)
    plt.show()
