"""Small drawings that many demos share; every function takes the Axes that it draws on."""

from collections.abc import Sequence

import torch
from matplotlib.axes import Axes


def heatmap(ax: Axes, matrix: torch.Tensor, digits: int | None = 2) -> None:
    """Draw a matrix as coloured cells, first row on top, each cell with its number.

    Cells are vector shapes (`pcolormesh`), so the picture stays sharp at any zoom.

    Args:
        ax: Where to draw.
        matrix: `(rows, columns)`, any real dtype.
        digits: Decimals written into each cell; None writes no numbers.
    """
    values = matrix.detach().float().cpu().numpy()  # (rows, columns)
    ax.pcolormesh(values, cmap="Blues", vmin=min(0.0, values.min()), edgecolors="white")
    ax.invert_yaxis()
    ax.set_aspect("equal")
    if digits is None:
        return
    middle = (values.max() + min(0.0, values.min())) / 2
    for (row, column), value in [((i, j), values[i, j]) for i, j in _cells(values.shape)]:
        ink = "white" if value > middle else "#222222"
        text = f"{value:.{digits}f}"
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=ink)


def _cells(shape: tuple[int, int]) -> list[tuple[int, int]]:
    """List (row, column) of every cell, row by row."""
    return [(i, j) for i in range(shape[0]) for j in range(shape[1])]


def name_ticks(ax: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Write a word under every column and beside every row of a heatmap."""
    ax.set_xticks([i + 0.5 for i in range(len(columns))], columns)
    ax.set_yticks([i + 0.5 for i in range(len(rows))], rows)


def name_line(ax: Axes, name: str, x: float, y: float) -> None:
    """Write a line's name beside its last point, which reads faster than a legend."""
    ax.annotate(name, (x, y), xytext=(6, 0), textcoords="offset points", va="center")


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    heatmap(ax, torch.tensor([[1.0, 0.0], [0.5, 0.5]]))
    name_ticks(ax, ["the", "cat"], ["the", "cat"])
    ax.set_title("Each row says where one word looks")
    plt.show()
