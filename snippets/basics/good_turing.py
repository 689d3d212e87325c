"""How much have you not seen yet? Count what you have seen exactly once.

Sources: Good (1953), https://doi.org/10.1093/biomet/40.3-4.237; Kalai and Vempala (2023),
https://arxiv.org/abs/2311.14648; Kalai et al. (2025), theorem 2, https://arxiv.org/abs/2509.04664
"""

import math
import random
import re
from collections import Counter
from collections.abc import Sequence

from snippets.tools.texts import read_plays

MENTION = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")  # a name in the middle of a sentence


def share_seen_once(things: Sequence[str]) -> float:
    """Say which share of N things seen is of a kind seen exactly once: Good and Turing's guess.

    Raises:
        ValueError: If nothing was seen.
    """
    if not things:
        raise ValueError("wanted at least one thing, got none")
    return sum(count == 1 for count in Counter(things).values()) / len(things)


def share_never_seen(known: Sequence[str], new: Sequence[str]) -> float:
    """Say which share of new things is of a kind that is not among the known ones."""
    kinds = set(known)
    return sum(thing not in kinds for thing in new) / len(new)


def least_errors(seen_once: float, n: int, n_wrong: int) -> float:
    r"""Compute the bound on errors for arbitrary facts; 0 where it says nothing.

    $\text{err} \ge s - 2/W - (35 + 6 \ln N)/\sqrt{N} - \delta$, of which $\delta$, the model's
    miscalibration, is taken as 0 here.

    Args:
        seen_once: s, the share of training facts that occur once.
        n: N, how many facts were in training.
        n_wrong: W, how many wrong answers each question allows at least.
    """
    return max(0.0, seen_once - 2 / n_wrong - (35 + 6 * math.log(n)) / math.sqrt(n))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    mentions = [name for play in read_plays().values() for name in MENTION.findall(play)]
    random.Random(0).shuffle(mentions)
    kinds = len(set(mentions))
    sizes = (1000, 2000, 4000, 8000, 16000)
    rows = []
    for size in sizes:
        known, new = mentions[:size], mentions[size:]
        rows.append(
            {"read": size, "guess": round(share_seen_once(known), 3)}
            | {"truth": round(share_never_seen(known, new), 3)}
        )
        print(f"{size:6,} names: seen once {rows[-1]['guess']:.1%}, new {rows[-1]['truth']:.1%}")
    print(f"{len(mentions):,} mentions of {kinds:,} names")
    once_of_1000 = round(1000 * share_seen_once(mentions[:1000]))
    gap = max(abs(row["guess"] - row["truth"]) for row in rows)
    bounds = {n: round(least_errors(0.2, n, 364), 3) for n in (10_000, 1_000_000, 100_000_000)}
    print(f"a fifth seen once, birthdays: at least {bounds}")

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    ax.plot(sizes, [100 * row["truth"] for row in rows], "o-", label="new among the names to come")
    ax.plot(sizes, [100 * row["guess"] for row in rows], "x--", label="seen once so far")
    ax.set(
        xscale="log",
        title="What is still to come, guessed from what was seen once",
        xlabel="mentions of names read",
        ylabel="share, percent",
    )
    ax.legend()
    plt.show()
