"""A drawing: what learns in full fine-tuning, with LoRA, and with QLoRA.

Source: after Hu et al. (2021), figure 1, https://arxiv.org/abs/2106.09685, and Dettmers et al.
(2023), figure 1, https://arxiv.org/abs/2305.14314
"""

from typing import Any

LEARNS, RESTS = "C1", "#9aa5b1"  # colours of what is trained and of what is frozen


def draw_layer(ax: Any, title: str, bits: int, detour: bool) -> list[str]:
    """Draw one layer between its input and its output, with or without a detour.

    Args:
        ax: A matplotlib Axes.
        title: Written on top.
        bits: How many bits a weight of the layer has; fewer make a smaller box.
        detour: Whether there is one; then it learns, and the layer rests.

    Returns:
        The names of the parts that learn.

    Raises:
        ValueError: If bits is not from 1 to 32.
    """
    if not 1 <= bits <= 32:
        raise ValueError(f"wanted 1 to 32 bits, got {bits}")
    side = 0.34 * (bits / 16) ** 0.25
    middle, low, high = 0.3 if detour else 0.5, 0.5 - side / 2, 0.5 + side / 2
    ax.fill(*_trapezium(middle, low, high, side, side), color=RESTS if detour else LEARNS)
    ax.text(middle, 0.5, f"W\n{bits} bits", ha="center", va="center", color="white", size=8)
    _draw_way(ax, middle, low, high)
    if detour:
        for name, bottom, below, above in (("A", 0.29, 0.36, 0.1), ("B", 0.51, 0.1, 0.36)):
            ax.fill(*_trapezium(0.74, bottom, bottom + 0.2, below, above), color=LEARNS)
            ax.text(0.74, bottom + 0.1, name, ha="center", va="center", color="white", size=8)
        _draw_way(ax, 0.74, 0.29, 0.71)
    ax.text(0.5, 0.02, "x", ha="center")
    ax.text(0.5, 0.93, "y", ha="center")
    ax.set(title=title, xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    return ["A", "B"] if detour else ["W"]


def _trapezium(middle: float, low: float, high: float, below: float, above: float) -> tuple:
    xs = [middle - below / 2, middle + below / 2, middle + above / 2, middle - above / 2]
    return xs, [low, low, high, high]


def _draw_way(ax: Any, x: float, low: float, high: float) -> None:
    """Draw arrows from the input to a part at x, and from the part to the output."""
    for start, end in (((0.5, 0.09), (x, low)), ((x, high), (0.5, 0.91))):
        ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "gray"})


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(6.4, 3.0))
    learns = {}
    plans = (("full", 16, False), ("LoRA", 16, True), ("QLoRA", 4, True))
    for ax, (title, bits, detour) in zip(axes, plans, strict=True):
        learns[title] = draw_layer(ax, title, bits, detour)
    for title, parts in learns.items():
        print(f"{title}: {' and '.join(parts)} learn{'s' if len(parts) == 1 else ''}")
    plt.show()
