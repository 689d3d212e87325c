"""Names of small pictures in Unicode, each with the answer to one question: animal or food?

Source: the Unicode code charts, Miscellaneous Symbols and Pictographs, Supplemental Symbols and
Pictographs, https://www.unicode.org/charts/ (neighbours are of one kind); a name never changes,
https://www.unicode.org/policies/stability_policy.html
"""

import random
import unicodedata
from collections.abc import Sequence

ANIMALS = ((0x1F400, 0x1F43D), (0x1F980, 0x1F99F), (0x1F9A0, 0x1F9AA))
FOOD = ((0x1F32D, 0x1F32F), (0x1F345, 0x1F37F), (0x1F950, 0x1F96F), (0x1F9C0, 0x1F9CB))
Labelled = tuple[str, float]  # a text, and 1.0 or 0.0


def picture_names() -> list[Labelled]:
    """List names, each once, with 1.0 for animals and 0.0 for food; "cat face" counts as "cat"."""
    return sorted(
        {
            (unicodedata.name(chr(code)).lower().removesuffix(" face"), label)
            for label, ranges in ((0.0, FOOD), (1.0, ANIMALS))
            for first, last in ranges
            for code in range(first, last + 1)
        }
    )


def split_evenly(
    texts: Sequence[Labelled], examples: int, exam: int, seed: int
) -> tuple[list[Labelled], list[Labelled]]:
    """Draw so many texts to learn from and so many others for the exam, half of each kind.

    With the same seed the exam stays the same, and fewer examples are the first of more.

    Raises:
        ValueError: If a number is odd or there are not enough texts of a kind.
    """
    if examples % 2 or exam % 2 or examples < 2 or exam < 2:
        raise ValueError(f"wanted even numbers from 2 on, got {examples} and {exam}")
    chance, kinds = random.Random(seed), []
    for label in (0.0, 1.0):
        kind = [pair for pair in texts if pair[1] == label]
        if len(kind) < (examples + exam) // 2:
            wanted = (examples + exam) // 2
            raise ValueError(f"wanted {wanted} texts of each kind, got {len(kind)} with {label}")
        kinds.append(chance.sample(kind, len(kind)))
    drawn = [pair for two in zip(*kinds, strict=False) for pair in two]  # the kinds by turns
    return drawn[exam : exam + examples], drawn[:exam]


if __name__ == "__main__":
    names = picture_names()
    animals = sum(label == 1.0 for _, label in names)
    print(f"{animals} animals, {len(names) - animals} things to eat or to drink")
    for kind, label in (("animals", 1.0), ("food", 0.0)):
        some = [name for name, its in names if its == label][4::13]
        print(f"{kind}: {', '.join(some)}")
