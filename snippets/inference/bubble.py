"""A pipeline must fill before it is busy, and drain in the end: count who stands idle, and when.

Source: Huang et al. (2018), "GPipe", section 2.3 (the bubble), https://arxiv.org/abs/1811.06965
"""


def line_schedule(stages: int, pieces: int) -> list[tuple[int, int, int]]:
    """Let pieces of a batch go down a line: each starts as soon as piece and stage are free.

    Returns:
        For every piece of work its stage, its piece and when it starts; each takes one unit.

    Raises:
        ValueError: If there is no stage or no piece.
    """
    if stages < 1 or pieces < 1:
        raise ValueError(f"wanted a stage and a piece at least, got {stages} and {pieces}")
    free, plan = [0] * stages, []
    for piece in range(pieces):
        arrives = 0
        for stage in range(stages):
            start = max(arrives, free[stage])
            plan.append((stage, piece, start))
            arrives = free[stage] = start + 1
    return plan


def idle_share(plan: list[tuple[int, int, int]]) -> float:
    """Count which share of all time on all stages nobody uses."""
    stages = 1 + max(stage for stage, _, _ in plan)
    length = 1 + max(start for _, _, start in plan)
    return 1 - len(plan) / (stages * length)


def bubble_share(stages: int, pieces: int) -> float:
    """Foretell the same by the formula (p - 1) / (m + p - 1)."""
    return (stages - 1) / (pieces + stages - 1)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows = []
    for pieces in (1, 2, 4, 8, 32):
        counted = round(100 * idle_share(line_schedule(3, pieces)), 1)
        formula = round(100 * bubble_share(3, pieces), 1)
        rows.append({"pieces": pieces, "idle": counted, "formula": formula})
        print(f"3 stages, {pieces:2} pieces: {counted:4} % idle; by formula {formula} %")

    _, axes = plt.subplots(1, 2, figsize=(6.8, 2.2), sharey=True)
    for ax, pieces in zip(axes, (1, 6), strict=True):
        for stage, piece, start in line_schedule(3, pieces):
            size = 6 / pieces  # the same work, cut into pieces
            left, colour = start * size, f"C{piece % 6}"
            ax.barh(stage, 0.94 * size, left=left, color="none", ec=colour, lw=2)
            ax.text(left + 0.47 * size, stage, str(piece + 1), ha="center", va="center")
        ax.set(
            xlabel="time, units of work",
            yticks=range(3),
            yticklabels=["rank 0", "rank 1", "rank 2"],
        )
        ax.set(title=f"{pieces} piece" + "s" * (pieces > 1), xlim=(0, 18))
    axes[0].invert_yaxis()
    plt.show()
