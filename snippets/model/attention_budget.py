"""Every query has exactly 100 percent to spend: moved words get no bonus, crowds dilute.

Source: Bahdanau et al. (2014), figure 3 (alignment), https://arxiv.org/abs/1409.0473
"""

from math import exp

import torch
from torch import Tensor

from snippets.tools.plot import heatmap, name_ticks

GERMAN_WORDS = ("gestern", "habe", "ich", "das", "Buch", "gelesen")
ENGLISH_WORDS = ("yesterday", "I", "read", "the", "book")
GERMAN_PARTNERS = (0, 2, 5, 3, 4)  # for each English word, its German partner
PARTNER_SCORE = 4.0  # score of a partner; every other score is 0


def alignment_weights(partners: tuple[int, ...], sources: int, match: float) -> Tensor:
    """Write by hand the scores a translator could have learned, and take their softmax.

    Args:
        partners: For each of m target words, the index of its source word.
        sources: Number n of source words.
        match: Score of the partner; the others score 0.

    Returns:
        Weights `(m, n)`.

    Raises:
        ValueError: If a partner lies outside the source sentence.
    """
    if not all(0 <= p < sources for p in partners):
        raise ValueError(f"partners must lie in 0..{sources - 1}, got {partners}")
    scores = torch.zeros(len(partners), sources)  # (m, n)
    scores[torch.arange(len(partners)), list(partners)] = match
    return scores.softmax(-1)


def spread_in_bits(weights: Tensor) -> Tensor:
    """Measure how spread out each row is: 0 bits for one word, log2(n) for all n alike.

    Args:
        weights: `(m, n)`, every entry above 0.

    Returns:
        `(m,)`, the entropy of each row.
    """
    return -(weights * weights.log2()).sum(-1)


def share_of_the_best(lead: float, crowd: int) -> float:
    """Weight of one key whose score leads that of each of `crowd` others by `lead`."""
    if crowd < 0:
        raise ValueError(f"a crowd has 0 or more members, got {crowd}")
    return exp(lead) / (exp(lead) + crowd)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    weights = alignment_weights(GERMAN_PARTNERS, len(GERMAN_WORDS), PARTNER_SCORE)
    shape = tuple(weights.shape)
    bits = [round(float(b), 3) for b in spread_in_bits(weights)]
    for word, row, spread in zip(ENGLISH_WORDS, weights, bits, strict=True):
        best = f"{row.max():.2f} on '{GERMAN_WORDS[int(row.argmax())]}'"
        print(f"{word:>9}: {best:17}  in all {row.sum():.2f}, spread {spread} bits")

    lead = 8.0
    crowds = [
        {"others": n, "weight": round(share_of_the_best(lead, n), 3)}
        for n in (10, 1_000, 100_000, 1_000_000)
    ]

    figure, ax = plt.subplots(figsize=(6.0, 4.0))
    heatmap(ax, weights)
    name_ticks(ax, GERMAN_WORDS, ENGLISH_WORDS)
    ax.set(title="Moved words get no bonus")
    ax.set(xlabel="German word that is read", ylabel="English word that reads")
    plt.show()
