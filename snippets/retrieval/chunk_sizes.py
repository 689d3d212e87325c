"""How long should a passage be? Short ones cost little and tear answers apart.

Source: measured on our own corpus; Lewis et al. (2020), section 3, https://arxiv.org/abs/2005.11401,
took 100 words
"""

from snippets.retrieval.chunks import ENTRIES_READ, best_passages
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_defaults import DEFAULT_QUESTIONS
from snippets.retrieval.hybrid_search import fuse, search_both

CHUNK_SIZES = (10, 20, 40, 80, 160)

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    corpus = docstring_corpus()
    asked = [known.question for known in DEFAULT_QUESTIONS]
    found = [[corpus[n] for n in fuse(p)[:ENTRIES_READ]] for p in search_both(corpus, asked)]
    there = sum(
        any(known.entry == entry.name for entry in entries)
        for known, entries in zip(DEFAULT_QUESTIONS, found, strict=True)
    )
    rows = []
    for size in CHUNK_SIZES:
        shown = [best_passages(q, e, size, size // 4) for q, e in zip(asked, found, strict=True)]
        hits = sum(
            any(map(known.stands_in, some))
            for known, some in zip(DEFAULT_QUESTIONS, shown, strict=True)
        )
        words = round(sum(len(" ".join(p).split()) for p in shown) / len(shown))
        rows.append({"size": size, "hits": hits, "words": words})
        print(
            f"{size} words a passage: {hits} of {len(asked)} answers shown, {words} words to read"
        )
    print(f"in the entries that were found: {there}")

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    ax.plot([row["words"] for row in rows], [row["hits"] for row in rows], "o-")
    for row in rows:
        ax.annotate(f"{row['size']}", (row["words"], row["hits"] - 2.5), ha="center")
    ax.axhline(there, color="C1", linestyle=":")
    ax.text(rows[-1]["words"], there + 0.4, "in the entries that were found", ha="right")
    ax.set(title="What passages of 10 to 160 words show", ylim=(0, there + 3))
    ax.set(xlabel="words that the model must read for each question", ylabel="answers shown")
    plt.show()
