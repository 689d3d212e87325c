"""Three numbers for how good a ranked list is: recall, reciprocal rank, nDCG.

Sources: Voorhees (1999), https://trec.nist.gov/pubs/trec8/papers/qa_report.pdf (reciprocal rank);
Järvelin and Kekäläinen (2002), https://doi.org/10.1145/582415.582418 (discounted cumulative gain)
"""

import math
from collections.abc import Collection, Hashable, Sequence


def recall_at_k(ranking: Sequence[Hashable], answers: Collection[Hashable], k: int) -> float:
    """Say which share of the answers stands among the first k of a ranking, best first.

    Raises:
        ValueError: If there is no answer, k is below 1, or the ranking names an id twice.
    """
    wanted = _checked(ranking, answers, k)
    return len(wanted & set(ranking[:k])) / len(wanted)


def reciprocal_rank(ranking: Sequence[Hashable], answers: Collection[Hashable]) -> float:
    """Give 1 / place of the first answer, or 0 if there is none; errors as in `recall_at_k`."""
    wanted = _checked(ranking, answers, 1)
    return next((1 / place for place, item in enumerate(ranking, 1) if item in wanted), 0.0)


def mean_reciprocal_rank(
    rankings: Sequence[Sequence[Hashable]], answers: Sequence[Collection[Hashable]]
) -> float:
    """Average the reciprocal rank over questions; errors as in `recall_at_k`."""
    pairs = list(zip(rankings, answers, strict=True))
    return sum(reciprocal_rank(ranking, wanted) for ranking, wanted in pairs) / len(pairs)


def ndcg_at_k(ranking: Sequence[Hashable], answers: Collection[Hashable], k: int) -> float:
    r"""Add up $1 / \log_2(1 + \text{place})$ of the answers, over the most that could be had.

    Errors as in `recall_at_k`.
    """
    wanted = _checked(ranking, answers, k)
    gains = [1 / math.log2(1 + place) for place in range(1, k + 1)]
    got = sum(gain for gain, item in zip(gains, ranking, strict=False) if item in wanted)
    return got / sum(gains[: len(wanted)])


def _checked(ranking: Sequence[Hashable], answers: Collection[Hashable], k: int) -> set[Hashable]:
    if isinstance(answers, str) or not answers or k < 1:
        raise ValueError(f"wanted a list of at least one answer and k >= 1, got {answers!r}, {k=}")
    if len(set(ranking)) < len(ranking):
        raise ValueError("the ranking names an id twice")
    return set(answers)


if __name__ == "__main__":
    answers = ["cumsum", "cumulative_sum"]
    lists = {
        "one early, one late": ["cumsum", "sum", "prod", "cumulative_sum"],
        "both in the middle": ["sum", "cumsum", "cumulative_sum", "prod"],
        "none": ["sum", "prod", "mean", "std"],
    }
    rows = []
    for name, ranking in lists.items():
        recall, first = recall_at_k(ranking, answers, 3), reciprocal_rank(ranking, answers)
        row = {"recall": recall, "first": first, "ndcg": ndcg_at_k(ranking, answers, 4)}
        rows.append({"list": name, **{key: round(value, 3) for key, value in row.items()}})
        print(name, *(f"{key} {value:.3f}" for key, value in row.items()), sep="; ")
