"""A filter for what a model wrote: a judge that learned from other plays keeps the better half.

Source: Feng et al. (2024), https://arxiv.org/abs/2406.07515 (a judge is worth what it knows)
"""

import torch
from torch import Tensor

from snippets.ecosystem.family import hamlet_library, spoken_words
from snippets.tools.texts import read_play

JUDGED_FROM = ("macbeth", "othello", "king-lear", "romeo-and-juliet", "julius-caesar")
PAIR_WEIGHT = 0.7  # how much the judge trusts pairs of words; the rest are single words


def pair_table(kinds: list[str], titles: tuple[str, ...] = JUDGED_FROM) -> Tensor:
    """Learn from other plays how likely a known word follows a known word: `(V, V)`, log p."""
    number = {word: n for n, word in enumerate(kinds)}
    pairs = torch.zeros(len(kinds), len(kinds))
    for title in titles:
        ids = torch.tensor([number.get(word, -1) for word in spoken_words(read_play(title))])
        known = (ids[:-1] >= 0) & (ids[1:] >= 0)
        places = ids[:-1][known] * len(kinds) + ids[1:][known]
        pairs += torch.bincount(places, minlength=len(kinds) ** 2).view_as(pairs)
    single = (pairs.sum(0) + 0.5) / (pairs.sum(0) + 0.5).sum()  # (V,)
    after = pairs / pairs.sum(1, keepdim=True).clamp(min=1)  # (V, V)
    return (PAIR_WEIGHT * after + (1 - PAIR_WEIGHT) * single).log()


def plausible(table: Tensor, pages: Tensor) -> Tensor:
    """Score pages `(B, T)`: the mean log p of a word after the one before it, `(B,)`."""
    return table[pages[:, :-1], pages[:, 1:]].mean(1)


def keep_best(table: Tensor, pages: Tensor, count: int) -> Tensor:
    """Keep the `count` most plausible of pages `(B, T)`, in the order in which they stood.

    Raises:
        ValueError: If there are not that many.
    """
    if not 1 <= count <= len(pages):
        raise ValueError(f"wanted 1 to {len(pages)} of the pages, got {count}")
    return pages[plausible(table, pages).topk(count).indices.sort().values]


if __name__ == "__main__":
    library = hamlet_library()
    table = pair_table(library.kinds)
    number = {word: n for n, word in enumerate(library.kinds)}
    lines = ("my lord , i will not speak of it", "of lord my speak , not it i will")
    pages = torch.tensor([[number[word] for word in line.split()] for line in lines])
    scores = [round(score, 2) for score in plausible(table, pages).tolist()]
    for line, score in zip(lines, scores, strict=True):
        print(f"{score:6} a word: {line}")
