"""BM25: find texts by the words they share with a question, rare words first.

Source: Robertson and Zaragoza (2009), section 3, https://doi.org/10.1561/1500000019; the form that
Lucene computes: Kamphuis et al. (2020), table 1, https://doi.org/10.1007/978-3-030-45442-5_4
"""

import re
from collections import Counter

import numpy as np


class BM25:
    r"""A word index over documents.

    The score of a document is the sum, over the words of the query, of

    $\ln\left(1 + \frac{N - n + 0.5}{n + 0.5}\right) \cdot \frac{f}{f + k_1 (1 - b + b L / \bar L)}$

    where N is the number of documents, n how many of them hold the word, f how often this one does,
    and L how many words it has, against the mean. The first factor is never negative.
    """

    def __init__(self, documents: list[str], k1: float = 1.2, b: float = 0.75):
        """Count the words of N texts; there may be none.

        With k1 = 0, a word counts once however often it stands there; the more k1, the longer more
        of it helps. b, from 0 to 1, says how much long documents are held back.

        Raises:
            TypeError: If documents is not a list of texts.
            ValueError: If k1 or b is out of range.
        """
        if isinstance(documents, str):
            raise TypeError("wanted a list of texts, got one text")
        if k1 < 0 or not 0 <= b <= 1:
            raise ValueError(f"wanted k1 >= 0 and 0 <= b <= 1, got {k1=}, {b=}")
        counts = [Counter(word_tokens(text)) for text in documents]
        lengths = np.array([count.total() for count in counts], float)  # (N,)
        mean = lengths.mean() if lengths.any() else 1.0
        patience = k1 * (1 - b + b * lengths / mean)  # (N,)
        places: dict[str, list[int]] = {}
        for number, count in enumerate(counts):
            for word in count:
                places.setdefault(word, []).append(number)
        self.n_documents = len(counts)
        self.idf = {word: _rarity(len(counts), len(where)) for word, where in places.items()}
        self._postings: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # which documents, how much
        for word, where in places.items():
            often = np.array([counts[number][word] for number in where], float)
            gain = self.idf[word] * often / (often + patience[where])
            self._postings[word] = (np.array(where), gain)

    def scores(self, query: str) -> np.ndarray:
        """Score every document: `(n_documents,)`, float64, 0 where no word is shared.

        A word that stands twice in the query counts twice; an empty query scores 0 everywhere.
        """
        total = np.zeros(self.n_documents)
        for word in word_tokens(query):
            if word in self._postings:
                where, gain = self._postings[word]
                total[where] += gain
        return total

    def ranking(self, query: str) -> np.ndarray:
        """Number the documents, the best first: `(n_documents,)`; equals stay in order."""
        return (-self.scores(query)).argsort(kind="stable")


def word_tokens(text: str) -> list[str]:
    """Cut a text into lower-cased runs of letters, digits and underscores; else TypeError."""
    if not isinstance(text, str):
        raise TypeError(f"wanted a text (str), got {type(text).__name__}: {text!r:.60}")
    return re.findall(r"\w+", text.lower())


def _rarity(n_documents: int, holding: int) -> float:
    return float(np.log1p((n_documents - holding + 0.5) / (holding + 0.5)))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    documents = ["the cat sat on the mat", "the dog sat", "the index error of the tensor"]
    bm25 = BM25(documents)
    rarities = {word: round(bm25.idf[word], 2) for word in ("the", "sat", "cat")}
    print(f"how much a word tells: {rarities}")
    rows = {}
    for query in ["the cat", "the the the", "Tensor index", "feline"]:
        rows[query] = bm25.scores(query).round(2).tolist()
        print(f"{query!r}: {rows[query]}")

    often = list(range(1, 21))
    alone = BM25(["cat " * n for n in often], b=0).scores("cat")  # all lengths count alike
    times = (alone / alone[0]).round(2).tolist()
    most = round(1.2 + 1, 1)
    print(f"worth of 10 times the same word: {times[9]} times that of one; never {most} or more")
    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.plot(often, often, linestyle=":", label="tf-idf: each time counts the same")
    ax.plot(often, times, label="BM25: less every time")
    ax.set(title="What a word is worth that stands there again and again", ylim=(0, 8))
    ax.set(xlabel="how often it stands there", ylabel="times the worth of one")
    ax.set_xticks([1, 5, 10, 15, 20])
    ax.legend()
    plt.show()
