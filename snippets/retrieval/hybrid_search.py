"""Hybrid search: look by words, look by meaning, fuse both lists; and measure all three.

Sources: Cormack, Clarke and Buettcher (2009), https://doi.org/10.1145/1571941.1572114 (the fusion);
the measures as in ranking_metrics.py
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from snippets.model.minilm import load_minilm
from snippets.retrieval.bm25 import BM25
from snippets.retrieval.docstrings import DocEntry, docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS, KnownAnswer
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS
from snippets.retrieval.fusion import reciprocal_rank_fusion
from snippets.retrieval.passage_vectors import dense_scores, load_passage_vectors
from snippets.retrieval.ranking_metrics import ndcg_at_k, recall_at_k, reciprocal_rank

DEPTH = 100  # how long each list is
FUSION_K = 10  # the best of four on the tuning half


def known_items(corpus: Sequence[DocEntry]) -> list[KnownAnswer]:
    """Ask for 60 entries, evenly spread, by the last part of a name that no other entry has."""
    lasts = [entry.name.rsplit(".", 1)[-1] for entry in corpus]
    often = Counter(last.lower().strip("_") for last in lasts)
    alone = [
        n for n, last in enumerate(lasts) if len(last) > 5 and often[last.lower().strip("_")] == 1
    ]
    chosen = [alone[len(alone) * (2 * n + 1) // 120] for n in range(60)]
    return [KnownAnswer(f"what does {lasts[n]} do", corpus[n].name) for n in chosen]


def best_first(scores: np.ndarray) -> list[int]:
    """Name the documents of the highest scores, at most `DEPTH`, none with a score of 0."""
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return [int(number) for number in order if scores[number] > 0]


def search_both(corpus: Sequence[DocEntry], questions: Sequence[str]) -> list[list[list[int]]]:
    """Rank the entries for each question, once by BM25 and once by MiniLM: two lists of each."""
    bm25 = BM25([f"{entry.name}\n{entry.text}" for entry in corpus])
    by_meaning = dense_scores(load_minilm()[0](list(questions)), load_passage_vectors()).numpy()
    by_words = [bm25.scores(question) for question in questions]
    return [[best_first(w), best_first(m)] for w, m in zip(by_words, by_meaning, strict=True)]


def fuse(lists: Sequence[Sequence[int]], k: float = FUSION_K) -> list[int]:
    """Fuse lists into one, without the scores."""
    return [int(number) for number, _ in reciprocal_rank_fusion(lists, k)]


def judge(rankings: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]) -> dict[str, float]:
    """Give the means over all questions of recall@5, reciprocal rank and nDCG@10."""
    told = [
        (
            recall_at_k(ranking, wanted, 5),
            reciprocal_rank(ranking, wanted),
            ndcg_at_k(ranking, wanted, 10),
        )
        for ranking, wanted in zip(rankings, answers, strict=True)
    ]
    return dict(zip(("recall", "mrr", "ndcg"), np.mean(told, 0).round(2).tolist(), strict=True))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    corpus = docstring_corpus()
    by_rule, number = known_items(corpus), {entry.name: n for n, entry in enumerate(corpus)}
    asked = [*TUNING_QUESTIONS, *by_rule[::2], *REPORT_QUESTIONS, *by_rule[1::2]]
    answers = [[number[name] for name in known.names.split()] for known in asked]
    found = search_both(corpus, [known.question for known in asked])
    tuned = {
        k: judge([fuse(pair, k) for pair in found[:60]], answers[:60])["mrr"]
        for k in (1, 10, 60, 200)
    }
    print(f"mean reciprocal rank on the tuning half, by k: {tuned}")

    halves = {"by hand": slice(60, 90), "by rule": slice(90, 120), "all 60": slice(60, 120)}
    rows = []
    for kind, half in halves.items():
        words, meaning = zip(*found[half], strict=True)
        fused = [fuse(pair) for pair in found[half]]
        for way, lists in (("words", words), ("meaning", meaning), ("fused", fused)):
            rows.append({"kind": kind, "way": way, **judge(lists, answers[half])})
            print(f"{kind:9}{way:9}", *judge(lists, answers[half]).values())

    NOWHERE = 200  # is told for an answer that is not among the first 100
    places = []
    for pair, wanted in zip(found, answers, strict=True):
        firsts = [reciprocal_rank(ranking, wanted) for ranking in (*pair, fuse(pair))]
        places.append([round(1 / first) if first else NOWHERE for first in firsts])
    gaps = [words - meaning for words, meaning, _ in places]
    lost = {"words": gaps.index(max(gaps)), "meaning": gaps.index(min(gaps))}
    lost["both"] = next(n for n in range(120) if places[n][:2] == [NOWHERE, NOWHERE])
    examples = []
    for name, n in lost.items():
        words, meaning, fused = (str(p) if p < NOWHERE else "none" for p in places[n])
        row = {"question": asked[n].question, "words": words, "meaning": meaning, "fused": fused}
        examples.append(row | {"instead": [corpus[ranking[0]].name for ranking in found[n]]})
        print(f"lost by {name}: {row['question']!r}: {words}, {meaning}, {fused}")
    hand, rule = places[:30] + places[60:90], places[30:60] + places[90:]
    better, worse = (
        sum((fused - meaning) * sign < 0 for _, meaning, fused in hand) for sign in (1, -1)
    )
    print(f"by hand, fused against meaning: {better} better, {worse} worse of {len(hand)}")

    figure, ax = plt.subplots(figsize=(6.0, 4.6))
    for name, marker, some in (("written by hand", "o", hand), ("made by a rule", "x", rule)):
        dots = Counter((words, meaning) for words, meaning, _ in some)
        sizes = [30 * times**0.6 for times in dots.values()]
        drawn = ax.scatter(*zip(*dots, strict=True), sizes, marker=marker, clip_on=False)
        ax.scatter([], [], 30, drawn.get_facecolor()[:1], marker=marker, label=name)
    ax.plot([1, NOWHERE], [1, NOWHERE], color="gray", linestyle=":")
    ax.set(title="Where the first answer stands", xscale="log", yscale="log")
    ax.set(xlabel="place in the list by words", ylabel="place in the list by meaning")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks([1, 10, 100, NOWHERE], ["1", "10", "100", "none"])
        axis.set_ticks([], minor=True)
    ax.legend()
    plt.show()
