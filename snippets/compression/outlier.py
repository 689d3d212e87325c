"""One huge weight stretches the ruler for all who share its scale; share with fewer.

Source: Dettmers et al. (2022), section 3, https://arxiv.org/abs/2208.07339 (outliers); Dettmers et
al. (2023), section 2, https://arxiv.org/abs/2305.14314 (blocks).
"""

import torch
from torch import Tensor

from snippets.compression.integer import dequantize_integer, quantize_absmax


def absmax_round_trip(x: Tensor, bits: int, block: int | None) -> tuple[Tensor, int]:
    """Quantize with one scale per `block` neighbours (None: one in all) and come back.

    Args:
        x: `(rows, columns)`; columns must be a multiple of block.
        bits: 2 to 8, each integer stored in a byte of its own.
        block: How many neighbours in a row share a scale.

    Returns:
        What is left of x, `(rows, columns)`, and the bytes that integers and scales occupy.

    Raises:
        ValueError: If blocks do not divide the columns, or one byte would not do.
    """
    if bits > 8:
        raise ValueError(f"bits must be at most 8 to fit a byte, got {bits}")
    if block is not None and (block < 1 or x.shape[1] % block):
        raise ValueError(f"block must divide {x.shape[1]} columns, got {block}")
    groups = x.reshape(1, -1) if block is None else x.reshape(-1, block)  # (G, N)
    q, scale = quantize_absmax(groups, bits, axis=0)
    back = dequantize_integer(q, scale).reshape(x.shape)  # (rows, columns)
    return back, q.nbytes + scale.nbytes


def typical_error(back: Tensor, x: Tensor, ordinary: Tensor) -> float:
    """Take the root mean square error over the ordinary weights only."""
    return (back - x)[ordinary].square().mean().sqrt().item()


def one_outlier(rows: int, columns: int, size: float) -> Tensor:
    """Draw well-behaved weights of spread 1, then make one of them huge: `(rows, columns)`."""
    x = torch.randn(rows, columns, generator=torch.Generator().manual_seed(0))  # (rows, columns)
    x[rows // 3, columns // 2] = size
    return x


def compare_sharing(x: Tensor, choices: dict[str, int | None]) -> list[dict[str, float | str]]:
    """Tell for each way of sharing how wrong the ordinary weights get, and at how many bytes."""
    ordinary = x.abs() < x.abs().max()
    table: list[dict[str, float | str]] = []
    for name, block in choices.items():
        back, size = absmax_round_trip(x, 8, block)
        zeros = 100 * (back == 0)[ordinary].float().mean().item()
        row = {"scale": name, "error": typical_error(back, x, ordinary), "zeros": zeros}
        table.append(row | {"bytes": size, "shrinks": x.nbytes / size})
    return table


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    OUTLIER = 100.0
    ways = {"one in all": None, "per row": 1024, "per block of 32": 32}
    weights = one_outlier(256, 1024, OUTLIER)
    calm = weights.clamp(-4, 4)
    calm_error = typical_error(absmax_round_trip(calm, 8, None)[0], calm, calm.abs() < 4)
    before, float_bytes, count = round(calm_error, 4), weights.nbytes, weights.numel()
    print(f"no outlier: one scale in all, typical error {before}")
    table = compare_sharing(weights, ways)
    for row in table:
        print(f"{row['scale']:>15}: error {row['error']:.4f}, {row['zeros']:4.1f} % became 0")

    small = one_outlier(10, 32, OUTLIER)
    _, axes = plt.subplots(1, 3, figsize=(7.2, 2.4), sharey=True)
    sharing = {"one scale in all": None, "one per row": 32, "one per block of 8": 8}
    for ax, (title, block) in zip(axes, sharing.items(), strict=True):
        error = (absmax_round_trip(small, 8, block)[0] - small).abs()
        mesh = ax.pcolormesh(error.numpy(), cmap="Blues", vmin=0, vmax=OUTLIER / 254)
        mesh.set(edgecolor="face", linewidth=1.0)  # no seams between the cells
        ax.invert_yaxis()
        ax.set(title=title, xlabel="column")
    axes[0].set_ylabel("row (darker = more error)")
    plt.show()
