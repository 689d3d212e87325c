"""Reciprocal rank fusion: make one list of several without ever looking at a score.

Source: Cormack, Clarke and Buettcher (2009), https://doi.org/10.1145/1571941.1572114
"""

import math
from collections.abc import Hashable, Sequence


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[Hashable]], k: float = 60
) -> list[tuple[Hashable, float]]:
    r"""Fuse lists of ids: $\text{score}(d) = \sum_r 1 / (k + \text{rank}_r(d))$.

    Ranks count from 1; a list that lacks an id adds nothing to it. The more k, the less the very
    first places count. The lists may differ in length and in what they name. Pairs of id and score
    come back, best first; at equal scores, the id that is met first, list after list.

    Raises:
        TypeError: If a ranking is a single text.
        ValueError: If k is negative, or a ranking names an id twice.
    """
    if not k >= 0:
        raise ValueError(f"wanted k >= 0, got {k}")
    shares: dict[Hashable, list[float]] = {}
    for number, ranking in enumerate(rankings):
        if isinstance(ranking, str):
            raise TypeError(f"wanted lists of ids, got the text {ranking!r:.60}")
        if len(set(ranking)) < len(ranking):
            raise ValueError(f"ranking {number} names an id twice")
        for rank, item in enumerate(ranking, start=1):
            shares.setdefault(item, []).append(1 / (k + rank))
    # fsum rounds once, so the order of the lists cannot tip a tie
    fused = [(item, math.fsum(parts)) for item, parts in shares.items()]
    return sorted(fused, key=lambda pair: -pair[1])


if __name__ == "__main__":
    words, meaning = ["a", "b", "c", "d"], ["c", "e", "a", "f"]
    fused = reciprocal_rank_fusion([words, meaning])
    print("fused:", ", ".join(f"{item} {score:.6f}" for item, score in fused))
    best, by_hand = fused[0][1], 1 / 61 + 1 / 63
    print(f"a by hand: 1/61 + 1/63 = {by_hand:.6f}")

    once = {k: 1 / (k + 1) for k in range(61)}  # first in one list only
    twice = {k: 2 / (k + 10) for k in range(61)}  # tenth in both
    tips_at = next(k for k in once if twice[k] >= once[k])
    first_over_second = round(once[60] / (1 / 62), 3)
