"""A drawing: what happens in which order, in PTQ and in QAT.

Source: after Gholami et al. (2021), figure 4, https://arxiv.org/abs/2103.13630
"""

from typing import Any

DATA, WORK = "#9aa5b1", "C0"  # colours of what is given and of what is done
PTQ_WAY = ("trained model", "look at some examples\n(many methods skip this)",
           "choose the ruler", "round", "quantized model")  # fmt: skip
QAT_WAY = ("trained model (or a new one)", "put in fake-quant nodes",
           "forward: on labels\nbackward: straight through", "round for good",
           "quantized model")  # fmt: skip


def draw_way(ax: Any, title: str, steps: tuple[str, ...], again: int | None = None) -> list[float]:
    """Draw steps from top to bottom, with arrows between them.

    Args:
        ax: A matplotlib Axes.
        title: Written on top.
        steps: What stands in the boxes; first and last are things, the others are work.
        again: Which step is repeated, counted from 0; it gets an arrow that comes back.

    Returns:
        The height of each box's middle, between 0 and 1.

    Raises:
        ValueError: If there are less than two steps, or `again` is none of them.
    """
    if len(steps) < 2 or (again is not None and not 0 <= again < len(steps)):
        raise ValueError(f"wanted two steps or more and one of them again, got {steps}, {again}")
    heights = [1 - (place + 0.5) / len(steps) for place in range(len(steps))]
    for place, (text, y) in enumerate(zip(steps, heights, strict=True)):
        given = place in (0, len(steps) - 1)
        box = {"boxstyle": "round,pad=0.5", "facecolor": DATA if given else WORK, "linewidth": 0}
        ax.text(0.45, y, text, ha="center", va="center", color="white", size=8, bbox=box)
    arrow = {"arrowstyle": "->", "color": "gray"}
    for above, below in zip(heights, heights[1:], strict=False):
        ax.annotate("", (0.45, below + 0.066), (0.45, above - 0.066), arrowprops=arrow)
    if again is not None:
        back = arrow | {"connectionstyle": "arc3,rad=1.2"}
        y = heights[again]
        ax.annotate("", (0.78, y + 0.04), (0.78, y - 0.04), arrowprops=back)
        ax.text(0.93, y, "many\ntimes", va="center", size=8, color="gray")
    ax.set(title=title, xlim=(0, 1.1), ylim=(0, 1))
    ax.set_axis_off()
    return heights


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(7.0, 3.8))
    draw_way(axes[0], "PTQ: after training", PTQ_WAY)
    draw_way(axes[1], "QAT: while training", QAT_WAY, again=2)
    for name, way in (("PTQ", PTQ_WAY), ("QAT", QAT_WAY)):
        print(f"{name}:", ", ".join(step.split("\n")[0] for step in way[1:-1]))
    plt.show()
