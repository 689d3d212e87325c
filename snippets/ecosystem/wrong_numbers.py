"""Famous wrong numbers, recomputed: what was printed, and what comes out.

Sources: Kudo (2018), https://arxiv.org/abs/1804.10959 (Unigram); Schuster and Nakajima (2012),
https://doi.org/10.1109/ICASSP.2012.6289079 (WordPiece); the numbers' own in facts_wrong_numbers.py
"""

from collections import Counter
from collections.abc import Sequence
from math import prod

from snippets.ecosystem.facts_wrong_numbers import PRINTED
from snippets.inference.kv_cache import kv_bytes_per_token

CORPUS = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}  # word: how often it occurs
SPLIT = {("hu", "##g"): 10, ("p", "##u", "##g"): 5, ("p", "##u", "##n"): 12,
         ("b", "##u", "##n"): 4, ("hu", "##gs"): 5}  # fmt: skip


def piece_counts(corpus: dict[str, int]) -> Counter[str]:
    """Count how often every piece occurs that is a single letter or a true part of some word."""
    counts: Counter[str] = Counter()
    for word, times in corpus.items():
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                counts[word[start:end]] += times
    inside = {p for p in counts for word in corpus if p in word and p != word}
    return Counter({piece: n for piece, n in counts.items() if piece in inside})


def unigram_chance(pieces: Sequence[str], counts: Counter[str]) -> float:
    """Multiply the chances of pieces, each its share of all counts.

    Raises:
        ValueError: If a piece is not in the vocabulary.
    """
    if unknown := [piece for piece in pieces if piece not in counts]:
        raise ValueError(f"not in the vocabulary: {', '.join(unknown)}")
    return prod(counts[piece] / counts.total() for piece in pieces)


def wordpiece_score(pair: tuple[str, str], words: dict[tuple[str, ...], int]) -> float:
    """Divide how often two pieces stand side by side by how often each of them occurs at all."""
    together = sum(n * list(zip(w, w[1:], strict=False)).count(pair) for w, n in words.items())
    alone = [sum(n * w.count(piece) for w, n in words.items()) for piece in pair]
    return together / prod(alone)


def gpt2_weights(layers: int, width: int, vocabulary: int, context: int) -> int:
    """Count a GPT-2: embeddings, positions, blocks of 12 width² and 13 width, a last norm."""
    blocks = layers * (12 * width**2 + 13 * width)
    return vocabulary * width + context * width + blocks + 2 * width


def recompute() -> list[float]:
    """Compute every number of `PRINTED`, in its order."""
    counts = piece_counts(CORPUS)
    return [
        unigram_chance(["p", "u", "g"], counts),
        unigram_chance(["pu", "g"], counts),
        wordpiece_score(("hu", "##g"), SPLIT),
        8_192 * kv_bytes_per_token(32, 32, 4_096 // 32) / 2**30,
        56 / 0.002,
        gpt2_weights(12, 768, 50_257, 1_024),
        44 * 8_960 / 171,
    ]


if __name__ == "__main__":
    rows = []
    for printed, right in zip(PRINTED, recompute(), strict=True):
        off = max(right / printed.said, printed.said / right)
        rows.append({"where": printed.where, "what": printed.what, "said": f"{printed.said:,.6g}",
                     "right": f"{right:,.6g}", "unit": printed.unit, "off": off,
                     "seen": printed.seen})  # fmt: skip
        print("{what:43} said {said:>9}, comes out as {right:>11} {unit}".format(**rows[-1]))
    scores = {last: round(wordpiece_score(("hu", last), SPLIT), 4) for last in ("##g", "##gs")}
    print(f"so no tie: {scores}")
    days, right = PRINTED[-1].said, recompute()[-1]  # of the scaling book
    days_on_225 = right * 171 / 225
    years = round(days / 365.25, 1), round(right / 365.25, 1)
    print(f"{days:,} days are {years[0]} years, the right number {years[1]}")
