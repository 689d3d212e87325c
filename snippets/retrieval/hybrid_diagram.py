"""Draw one hybrid search as it ran: a question, two lists, one list.

Source: the corpus and the question of this chapter, searched as in hybrid_search.py
"""

from collections.abc import Sequence

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.hybrid_search import fuse, search_both

LIST_NAMES = ("by words", "by meaning", "fused")


def list_lines(names: Sequence[str], wanted: str, first: int = 3) -> list[str]:
    """Write down the first few names with their places, and the wanted one if it comes later."""
    lines = [f"{place}. {name}" for place, name in enumerate(names[:first], start=1)]
    if wanted in names[first:] and wanted not in names[:first]:
        lines.append(f"... {names.index(wanted) + 1}. {wanted}")
    return lines


def draw_search(ax, question: str, lists: Sequence[Sequence[str]], wanted: str) -> None:
    """Draw the question on top, both lists below it, and the fused one at the bottom.

    Raises:
        ValueError: If there are not three lists.
    """
    if len(lists) != len(LIST_NAMES):
        raise ValueError(f"wanted three lists ({', '.join(LIST_NAMES)}), got {len(lists)}")
    places = ((-1.0, 0.0), (1.0, 0.0), (0.0, -2.0))
    box = {"boxstyle": "round,pad=0.5", "facecolor": "none", "edgecolor": "C0"}
    ax.text(0, 1.6, question, ha="center", va="center", style="italic")
    for title, names, (x, y) in zip(LIST_NAMES, lists, places, strict=True):
        text = "\n".join([title, *list_lines(names, wanted)])
        edge = "C1" if title == "fused" else "C0"
        ax.text(x, y, text, ha="center", va="center", bbox=box | {"edgecolor": edge})
    for start, end in (((-0.3, 1.4), (-0.8, 0.8)), ((0.3, 1.4), (0.8, 0.8))):
        ax.annotate("", end, start, arrowprops={"arrowstyle": "->"})
    for start, end in (((-0.8, -0.8), (-0.35, -1.3)), ((0.8, -0.8), (0.35, -1.3))):
        ax.annotate("", end, start, arrowprops={"arrowstyle": "->"})
    ax.set(xlim=(-2, 2), ylim=(-2.8, 1.9))
    ax.set_axis_off()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    corpus, wanted = docstring_corpus(), "nanmedian (numpy)"
    parts = [entry.name.split(".") for entry in corpus]
    short = [f"{part[-1]} ({part[0]})" for part in parts]  # the last and the first part of a name
    question = "the middle one of the sorted numbers, leaving out missing ones"
    both = search_both(corpus, [question])[0]
    lists = [[short[n] for n in ranking] for ranking in (*both, fuse(both))]
    places = dict(zip(LIST_NAMES, [names.index(wanted) + 1 for names in lists], strict=True))
    for title, names in zip(LIST_NAMES, lists, strict=True):
        print(f"{title}:", ", ".join(list_lines(names, wanted)))
    figure, ax = plt.subplots(figsize=(6.4, 3.8))
    draw_search(ax, question, lists, wanted)
    ax.set_title(f"Searched twice among {len(corpus):,} entries, and fused")
    plt.show()
