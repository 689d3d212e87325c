"""Draw which German word a translator reads while it writes, and score the lines by rule.

Sources: Bahdanau et al. (2014), figure 3, https://arxiv.org/abs/1409.0473; Vig (2019), BertViz,
https://arxiv.org/abs/1906.05714 (drawing weights as lines between words)
"""

from collections.abc import Iterable, Sequence
from statistics import fmean

from torch import Tensor

from snippets.model.toy_language import SentencePair, moved_words, toy_corpus
from snippets.model.translation import EXAM, LESSONS, Translator, load_translators, translate


def draw_lines(ax, above: Sequence[str], below: Sequence[str], weights: Tensor) -> None:
    """On an Axes, draw weights `(T, S)` as lines from S words above to T below, thick if large."""
    places = [[(i + 0.5) / len(words) for i in range(len(words))] for words in (above, below)]
    for words, xs, y, side in ((above, places[0], 1, "bottom"), (below, places[1], 0, "top")):
        for word, x in zip(words, xs, strict=True):
            ax.text(x, y, word, ha="center", va=side)
    for x, row in zip(places[1], weights.tolist(), strict=True):
        for top, weight in zip(places[0], row, strict=True):
            if weight > 0.02:
                ax.plot([x, top], [0.02, 0.98], color="C0", alpha=weight, linewidth=4 * weight)
    ax.set(xlim=(0, 1), ylim=(-0.15, 1.15))
    ax.axis("off")


def watch(model: Translator, pairs: Sequence[SentencePair]) -> list[dict]:
    """Let it translate, and note for each word where it looked; wrong translations are left out.

    "late" takes the weights from one row further down.
    """
    seen = []
    answers = translate(model, [pair.german for pair in pairs])
    for pair, (said, weights) in zip(pairs, answers, strict=True):
        read, moved = weights.argmax(-1).tolist(), moved_words(pair.partners)
        for t, partner in enumerate(pair.partners if said == pair.english else ()):
            row = {"word": said[t], "read": pair.german[read[t]], "moved": moved[t]}
            row |= {"peak": float(weights[t].max()), "total": float(weights[t].sum())}
            row |= {"found": read[t] == partner, "late": read[t + 1 : t + 2] == [partner]}
            seen.append(row | {"diagonal": t == partner})
    return seen


def percent(numbers: Iterable[float]) -> int:
    """Give the mean of these in percent."""
    return round(100 * fmean(numbers))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    models, (_, exam) = load_translators(), toy_corpus(LESSONS, EXAM)
    rows, kinds = [], []
    for seed, model in enumerate(models):
        seen = watch(model, exam)
        row = {name: percent(r[name] for r in seen) for name in ("found", "diagonal", "late")}
        they = percent(r["read"] == "haben" for r in seen if r["word"] == "they")
        rows.append({"seed": seed} | row | {"they_from_haben": they})
        for name, flag in {"moved": True, "stayed": False}.items():
            those = [r for r in seen if r["moved"] == flag]
            means = {key: percent(r[key] for r in those) for key in ("total", "peak")}
            kinds.append({"seed": seed, "words": name} | means)
    lowest, highest = (f(row["found"] for row in rows) for f in (min, max))
    print("percent of the words:", *rows, "weights, in percent:", *kinds, sep="\n")

    spent = {}
    for german in ("sie hat den Brief gelesen", "sie haben den Brief gelesen"):
        words = german.split()
        english, weights = translate(models[0], [words])[0]
        spent[english[0]] = dict(
            zip(words, [percent([w]) for w in weights[0].tolist()], strict=True)
        )
        print(f"{german}: {' '.join(english)}; weights for {english[0]}: {spent[english[0]]}")

    german = ["den", "Mann", "hat", "der", "kleine", "Hund", "im", "Garten", "gebissen"]
    english, weights = translate(models[0], [german])[0]
    received = {word: percent([w]) for word, w in zip(german, weights.sum(0).tolist(), strict=True)}
    print("received, in percent:", received)
    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    draw_lines(ax, german, english, weights)
    ax.set_title("Where each English word looked")
    plt.show()
