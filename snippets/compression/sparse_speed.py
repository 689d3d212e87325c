"""What zeros save in time: the same matrix times a vector, stored in several ways.

Sources: Mishra et al. (2021), section 1, https://arxiv.org/abs/2104.08378 (why fine-grained zeros
are hard to skip); Wanda's section on speed, Sun et al. (2023), https://arxiv.org/abs/2306.11695
"""

import torch
from torch import Tensor

from snippets.compression.pruning import prune_magnitude
from snippets.compression.sparse_storage import csr_bytes, to_csr
from snippets.compression.two_of_four import (
    pack_two_of_four,
    prune_two_of_four,
    unpack_two_of_four,
)
from snippets.tools.threads import with_threads
from snippets.training.forward_backward import fastest

MEASURES = True


def product_seconds(matrix: Tensor, x: Tensor, times: int = 100) -> float:
    """Measure the fastest of some products.

    Args:
        matrix: `(out, in)`, dense or CSR.
        x: `(in, B)`.
        times: How many products.

    Raises:
        ValueError: If times is below 1.
    """
    return fastest(lambda: matrix @ x, times)


def csr_times(weight: Tensor, x: Tensor, shares: tuple[float, ...]) -> list[dict[str, float]]:
    """Prune more and more and compare CSR with dense: time and bytes, each as a ratio."""
    dense = product_seconds(weight, x)
    rows = []
    for share in shares:
        csr = to_csr(prune_magnitude(weight, share))
        time, size = product_seconds(csr, x) / dense, csr_bytes(csr) / weight.nbytes
        rows.append({"zeros": share, "time": time, "bytes": size})
    return rows


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    SIDE, SHARES = 2048, (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
    chance = torch.Generator().manual_seed(0)
    weight, x = (torch.randn(SIDE, n, generator=chance) for n in (SIDE, 1))
    half, fours = prune_magnitude(weight, 0.5), prune_two_of_four(weight, weight.abs())
    packed, fewer = pack_two_of_four(fours), weight[: SIDE // 2].clone()
    room = torch.empty_like(weight)  # both dense ones in turn: the same place in memory
    with with_threads(1):
        seconds = {
            "dense": min(product_seconds(room.copy_(weight), x) for _ in range(2)),
            "dense, half of it zeros": min(product_seconds(room.copy_(half), x) for _ in range(2)),
            "2:4, unpacked, then dense": fastest(lambda: unpack_two_of_four(*packed) @ x, 5),
            "half of the rows removed": product_seconds(fewer, x),
        }
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
