"""Three ways to cut a model for three ranks, drawn: by heads, by layers, or not at all."""

DRAWN_LAYERS, DRAWN_SLICES = 6, 3


def owner(cut: str, layer: int, part: int, layers: int = DRAWN_LAYERS) -> int:
    """Say which of three ranks holds one slice of one layer in the first copy of the model.

    Raises:
        ValueError: If the cut is none of tensor, pipeline and data.
    """
    owners = {"tensor": part, "pipeline": layer * DRAWN_SLICES // layers, "data": 0}
    if cut not in owners:
        raise ValueError(f"wanted one of {', '.join(owners)}, got {cut!r}")
    return owners[cut]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(1, 3, figsize=(6.8, 3.0), width_ratios=(3, 3, 9.8))
    for ax, cut in zip(axes, ("tensor", "pipeline", "data"), strict=True):
        for copy in range(3 if cut == "data" else 1):
            for layer in range(DRAWN_LAYERS):
                for part in range(DRAWN_SLICES):
                    colour = f"C{owner(cut, layer, part) + copy}"
                    ax.bar(part + 3.4 * copy, 0.92, 0.94, layer, color=colour)
        ax.set(title=cut, xticks=[], yticks=[], ylim=(0, 6.9))
        ax.set(
            xlabel="slices of a layer", ylabel="layers, the first below" if cut == "tensor" else ""
        )
    for rank in range(3):
        axes[2].text(3.4 * rank + 1, 6.2, f"rank {rank}", ha="center", color=f"C{rank}")
    plt.show()
