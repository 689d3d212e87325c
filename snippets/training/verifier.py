"""Sums of three numbers, and who checks the answers: a calculator, its lazy cousin, a vote.

Sources: Cobbe et al. (2021), https://arxiv.org/abs/2110.14168 (verifiers); Wang et al. (2022),
https://arxiv.org/abs/2203.11171 (a vote); Stroebl, Kapoor and Narayanan (2024),
https://arxiv.org/abs/2411.17501 (what a verifier that errs does)
"""

import random
from collections import Counter
from collections.abc import Sequence

Triple = tuple[int, int, int]
DIRECT_SHOTS = "3 + 4 + 5 = 12\n9 + 2 + 7 = 18\n6 + 8 + 4 = 18\n"
WORKED_SHOTS = (
    "3 + 4 + 5: 3 + 4 = 7, 7 + 5 = 12\n"
    "9 + 2 + 7: 9 + 2 = 11, 11 + 7 = 18\n"
    "6 + 8 + 4: 6 + 8 = 14, 14 + 4 = 18\n"
)


def draw_triples(count: int, seed: int) -> list[Triple]:
    """Draw three numbers from 2 to 9, so many times."""
    chance = random.Random(seed)
    return [
        (chance.randint(2, 9), chance.randint(2, 9), chance.randint(2, 9)) for _ in range(count)
    ]


def last_number(text: str) -> int | None:
    """Read the result of the first line: what stands behind its last =, None if no number."""
    end = text.split("\n")[0].split("=")[-1].strip()
    return int(end) if end.isascii() and end.isdigit() else None


def first_digits(text: str) -> int | None:
    """Read the number that a text begins with, None if it begins with something else."""
    digits = next((text[:n] for n in range(len(text), 0, -1) if text[:n].isdigit()), "")
    return int(digits) if digits.isascii() and digits else None


def calculator_check(triple: Triple, answer: int | None) -> bool:
    """Add, and compare."""
    return answer == sum(triple)


def lazy_check(triple: Triple, answer: int | None) -> bool:
    """Look only whether both are even or both are odd."""
    return answer is not None and answer % 2 == sum(triple) % 2


def first_accepted(triple: Triple, answers: Sequence[int | None], check) -> int | None:
    """Give the first answer that a checker accepts, or the first of all if there is none."""
    if not answers:
        raise ValueError("wanted at least one answer to choose from, got none")
    return next((answer for answer in answers if check(triple, answer)), answers[0])


def majority(answers: Sequence[int | None]) -> int | None:
    """Give the answer that came most often, of several the one that came first."""
    if not answers:
        raise ValueError("wanted at least one answer to vote on, got none")
    counts = Counter(answer for answer in answers if answer is not None)
    return counts.most_common(1)[0][0] if counts else None


if __name__ == "__main__":
    triple, drawn = (7, 8, 9), [23, 34, 24, 23]
    checkers = {"calculator": calculator_check, "lazy": lazy_check}
    picks = {name: first_accepted(triple, drawn, check) for name, check in checkers.items()}
    picks["vote"] = majority(drawn)
    print("7 + 8 + 9, answers", drawn)
    print("picked:", picks)
