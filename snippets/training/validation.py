"""Why there are three piles: whoever is chosen by an exam looks better in it than he is.

Source: Hastie, Tibshirani and Friedman (2009), section 7.2,
https://hastie.su.domains/ElemStatLearn/ (training, validation and test set)
"""

import math

import torch
from torch import Tensor


def toss_exams(students: int, questions: int, generator: torch.Generator) -> Tensor:
    """Let students toss a coin for every question; shares of right answers `(students,)`."""
    if students < 1 or questions < 1:
        raise ValueError(f"wanted 1 student and 1 question or more, got {students}, {questions}")
    answers = torch.randint(2, (students, questions), generator=generator)  # 1 is right
    return answers.double().mean(1)


def expected_best(students: int, questions: int) -> float:
    """Work out what the best of so many coin tossers gets on average, exactly.

    The chance that the best has k or fewer right is the chance of one student, to the power of how
    many there are.
    """
    ways = [math.comb(questions, k) for k in range(questions + 1)]
    at_most = [sum(ways[: k + 1]) / 2**questions for k in range(questions + 1)]
    below = [0.0, *(share**students for share in at_most)]
    return sum(k * (below[k + 1] - below[k]) for k in range(questions + 1)) / questions


if __name__ == "__main__":
    students, questions, rounds = 100, 50, 300
    chance = torch.Generator().manual_seed(0)
    chosen, again = [], []
    for _ in range(rounds):
        validation = toss_exams(students, questions, chance)
        test = toss_exams(students, questions, chance)
        best = int(validation.argmax())
        chosen.append(float(validation[best]))
        again.append(float(test[best]))
    told = {"validation": sum(chosen) / rounds, "test": sum(again) / rounds}
    told = {name: round(share, 2) for name, share in told.items()}
    thousand = round(expected_best(1_000, questions), 2)
    exact = round(expected_best(students, questions), 2)
    print(f"best of {students} coin tossers, {questions} questions: {told['validation']:.0%}")
    print(f"by formula {exact:.0%}; the same ones in a new exam: {told['test']:.0%}")
