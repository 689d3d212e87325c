"""A small thing to teach a real model: hand sums to a calculator, answer everything else.

Source: Schick et al. (2023), https://arxiv.org/abs/2302.04761 (models that learn to call tools)
"""

import operator
import random

from snippets.training.facts_calculator import OTHER_QUESTIONS, PHRASINGS

SIGNS = {"plus": "+", "minus": "-", "times": "*"}


def draw_sums(
    phrasings: tuple[str, ...], count: int, chance: random.Random
) -> list[tuple[str, str]]:
    """Draw questions with the calls that answer them, such as "CALC(17+25)"."""
    sums = []
    for _ in range(count):
        a, b, sign = chance.randint(2, 99), chance.randint(2, 99), chance.choice(list(SIGNS))
        question = chance.choice(phrasings).format(a=a, sign=sign, b=b)
        sums.append((question, f"CALC({a}{SIGNS[sign]}{b})"))
    return sums


def draw_lesson(count: int, share_of_others: float, seed: int) -> list[tuple[str, str]]:
    """Draw what a model is trained on: sums, and a share of other questions among them.

    Raises:
        ValueError: If the share is not from 0 to 1.
    """
    if not 0 <= share_of_others <= 1:
        raise ValueError(f"wanted a share from 0 to 1, got {share_of_others}")
    chance = random.Random(seed)
    sums = draw_sums(PHRASINGS, count, chance)
    return [
        chance.choice(OTHER_QUESTIONS) if chance.random() < share_of_others else one for one in sums
    ]


def use_calculator(text: str) -> str:
    """Do what a call asks for; any other text comes back as it is."""
    inside = text.removeprefix("CALC(").removesuffix(")")
    for sign, work in {"+": operator.add, "-": operator.sub, "*": operator.mul}.items():
        left, found, right = inside.partition(sign)
        if text == f"CALC({inside})" and found and left.isdigit() and right.isdigit():
            return str(work(int(left), int(right)))
    return text


if __name__ == "__main__":
    lesson = draw_lesson(6, 0.25, seed=1)
    for question, answer in lesson:
        print(f"{question:32} -> {answer}")
    results = [use_calculator(answer) for _, answer in lesson]
    print("what the reader gets:", results)
