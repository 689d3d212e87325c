"""Seconds that some work takes on this machine: the fastest of several tries.

Other programs can only make work slower, never faster, so the fastest try is the nearest to the
truth. Two kinds of work that are to be compared take turns: a slow moment then meets both.
"""

from collections.abc import Callable
from time import perf_counter

Work = Callable[[], object]


def in_turns(
    works: dict[str, Work], rounds: int, clock: Callable[[], float] = perf_counter
) -> dict[str, float]:
    """Do several kinds of work in turns, round after round; give each one's fastest seconds.

    Args:
        works: What to do.
        rounds: How often to do all of it.
        clock: Tells seconds. Python's `thread_time` stops while others have the core: the right
            one for work that this thread does alone.

    Raises:
        ValueError: If rounds is below 1.
    """
    if rounds < 1:
        raise ValueError(f"wanted to measure at least once, got {rounds}")
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            start = clock()
            work()
            best[name] = min(best[name], clock() - start)
    return best


def fastest(work: Work, times: int) -> float:
    """Do some work several times and give the seconds of the fastest.

    Raises:
        ValueError: If times is below 1.
    """
    return in_turns({"it": work}, times)["it"]
