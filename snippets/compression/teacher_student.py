"""A drawing: who reads what, and where the correction goes, when a student learns from a teacher.

Source: after Hinton, Vinyals and Dean (2015), section 2, https://arxiv.org/abs/1503.02531
"""

from typing import Any

LESSON_BOXES = {  # name: place from left to right, from bottom to top, and colour
    "text so far": (0.1, 0.5, "#9aa5b1"),
    "teacher\n(large, stays as it is)": (0.4, 0.8, "C0"),
    "student\n(small, learns)": (0.4, 0.2, "C1"),
    "what comes next?\nher odds": (0.7, 0.8, "C0"),
    "what comes next?\nhis odds": (0.7, 0.2, "C1"),
    "how far\napart?": (0.95, 0.5, "#9aa5b1"),
}
LESSON_ARROWS = ((0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 5))  # from box to box, by number


def draw_boxes(
    ax: Any, boxes: dict[str, tuple[float, float, str]], arrows: tuple[tuple[int, int], ...]
) -> None:
    """Draw boxes with words and arrows between them.

    Args:
        ax: A matplotlib Axes.
        boxes: For each text, its place between 0 and 1 across and up, and its colour.
        arrows: Pairs of places in `boxes`, counted from 0.

    Raises:
        ValueError: If an arrow begins or ends at no box.
    """
    if strange := [pair for pair in arrows if not 0 <= min(pair) <= max(pair) < len(boxes)]:
        raise ValueError(f"wanted arrows between {len(boxes)} boxes, got {strange}")
    drawn = []
    for text, (x, y, colour) in boxes.items():
        box = {"boxstyle": "round,pad=0.5", "facecolor": colour, "linewidth": 0}
        drawn.append(ax.text(x, y, text, ha="center", va="center", color="white", size=8, bbox=box))
    for start, end in arrows:
        shape = {"arrowstyle": "->", "color": "gray", "shrinkA": 4, "shrinkB": 4}
        a, b = drawn[start], drawn[end]
        shape |= {"patchA": a.get_bbox_patch(), "patchB": b.get_bbox_patch()}
        ax.annotate("", b.get_position(), a.get_position(), arrowprops=shape)
    ax.set(xlim=(0, 1.05), ylim=(0, 1))
    ax.set_axis_off()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    draw_boxes(ax, LESSON_BOXES, LESSON_ARROWS)
    back = {"arrowstyle": "->", "color": "C1", "linestyle": "--"}
    back |= {"connectionstyle": "arc3,rad=-0.35"}
    ax.annotate("", (0.4, 0.08), (0.96, 0.36), arrowprops=back)
    ax.text(0.76, -0.08, "correction", color="C1", size=8, ha="center")
    ax.set_title("A lesson")
    learner = next(text for text in LESSON_BOXES if "learns" in text).split("\n")[0]
    print(
        f"{len(LESSON_BOXES)} boxes, {len(LESSON_ARROWS)} arrows, one correction: to the {learner}"
    )
    plt.show()
