"""Ask for two things in one question: can one vector point at both?

Source: the question of Weller et al. (2025), https://arxiv.org/abs/2508.21038, put to our corpus
"""

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.hybrid_search import known_items, search_both


def share_on_top(rankings: list[list[int]], wanted: list[set[int]]) -> float:
    """Say how often the first places of a list are exactly what was wanted, in any order.

    Raises:
        ValueError: If there are not as many rankings as wishes, or none.
    """
    if not rankings or len(rankings) != len(wanted):
        raise ValueError(f"wanted a wish for each list, got {len(rankings)} and {len(wanted)}")
    pairs = zip(rankings, wanted, strict=True)
    return sum(set(ranking[: len(wish)]) == wish for ranking, wish in pairs) / len(wanted)


if __name__ == "__main__":
    corpus = docstring_corpus()
    number = {entry.name: n for n, entry in enumerate(corpus)}
    items = [number[known.names] for known in known_items(corpus)]
    lasts = {n: corpus[n].name.rsplit(".", 1)[-1] for n in items}

    rows = []
    singles = [{n} for n in items]
    doubles = [{n, items[(k + 7 * shift) % 60]} for shift in (1, 2, 3) for k, n in enumerate(items)]
    for what, wanted in (("one", singles), ("two", doubles)):
        names = [" and ".join(lasts[n] for n in sorted(wish)) for wish in wanted]
        verb = "does" if what == "one" else "do"
        found = search_both(corpus, [f"what {verb} {name} do" for name in names])
        words, meaning = zip(*found, strict=True)
        row = {"words": share_on_top(list(words), wanted)}
        row["meaning"] = share_on_top(list(meaning), wanted)
        rows.append({"asked for": what, "questions": len(wanted), **row})
        print(f"{what}:", *(f"{name} {share:.0%}" for name, share in row.items()))
    expected = {way: round(rows[0][way] ** 2, 2) for way in ("words", "meaning")}
    print("two, if it were twice one:", *(f"{way} {p:.0%}" for way, p in expected.items()))
