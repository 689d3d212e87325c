"""Byte-pair encoding: learn which neighbours to glue together, then glue.

Source: Sennrich, Haddow and Birch (2016), algorithm 1, https://arxiv.org/abs/1508.07909; on bytes
as in GPT-2 (Radford et al., 2019, section 2.2).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

Merges = list[tuple[int, int]]
# A word with the space before it, a run of signs, or white space: merges stay inside such pieces.
PIECES = re.compile(r" ?\w+| ?[^\s\w]+|\s+")


def glue(ids: Sequence, pair: tuple, new) -> list:
    """Replace every occurrence of a pair by one new symbol, from left to right.

    Example: `glue([1, 2, 1, 2, 3], (1, 2), 9)` gives `[9, 9, 3]`.
    """
    glued, place = [], 0
    while place < len(ids):
        if tuple(ids[place : place + 2]) == pair:
            glued.append(new)
            place += 2
        else:
            glued.append(ids[place])
            place += 1
    return glued


def train_bpe(text: str, vocab_size: int) -> Merges:
    """Learn merges: again and again, glue the pair of neighbours that occurs most often.

    Symbols 0 to 255 are the bytes; the pair at index i of the result becomes symbol 256 + i. Of
    pairs that occur equally often, the one with the smaller symbols wins.

    Args:
        text: What to learn from.
        vocab_size: Bytes and merges together; a text with too few pairs ends earlier.

    Raises:
        ValueError: If the vocabulary could not even hold the bytes.
    """
    if vocab_size < 256:
        raise ValueError(f"a vocabulary of bytes needs at least 256 entries, got {vocab_size}")
    counts = Counter(_pieces(text))
    words = [(list(piece), count) for piece, count in counts.items()]
    pairs, where = Counter(), defaultdict(set)  # how often, and in which words
    for index, (ids, count) in enumerate(words):
        for pair in zip(ids, ids[1:], strict=False):
            pairs[pair] += count
            where[pair].add(index)
    merges: Merges = []
    while pairs and 256 + len(merges) < vocab_size:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for index in where.pop(best):
            ids, count = words[index]
            pairs.subtract(
                {p: n * count for p, n in Counter(zip(ids, ids[1:], strict=False)).items()}
            )
            ids[:] = glue(ids, best, 255 + len(merges))
            for pair in zip(ids, ids[1:], strict=False):
                pairs[pair] += count
                where[pair].add(index)
        pairs = +pairs  # forget what no longer occurs
    return merges


def encode(text: str, merges: Merges) -> list[int]:
    """Turn text into symbols: in every piece, glue what was learned first, first."""
    rank = {pair: 256 + index for index, pair in enumerate(merges)}
    known: dict[bytes, list[int]] = {}  # the same piece is cut only once
    ids: list[int] = []
    for piece in _pieces(text):
        if piece not in known:
            known[piece] = _glue_all(list(piece), rank)
        ids += known[piece]
    return ids


def decode(ids: Sequence[int], merges: Merges) -> str:
    """Turn symbols back into text; bytes that are no text become a replacement character.

    Raises:
        ValueError: If a symbol is not in the vocabulary.
    """
    meaning = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        meaning.append(meaning[left] + meaning[right])
    if any(not 0 <= symbol < len(meaning) for symbol in ids):
        raise ValueError(f"symbols must lie between 0 and {len(meaning) - 1}, got {list(ids)}")
    data = b"".join(meaning[symbol] for symbol in ids)
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _pieces(text: str) -> Iterator[bytes]:
    """Cut text into pieces of bytes; together they are the text again."""
    return (match[0].encode("utf-8", "surrogatepass") for match in PIECES.finditer(text))


def _glue_all(ids: list[int], rank: dict[tuple[int, int], int]) -> list[int]:
    while known := [pair for pair in zip(ids, ids[1:], strict=False) if pair in rank]:
        first = min(known, key=rank.__getitem__)
        ids = glue(ids, first, rank[first])
    return ids


if __name__ == "__main__":
    text = "low low low lower lowest"
    merges = train_bpe(text, 256 + 5)
    pieces = [decode([symbol], merges) for symbol in encode(text, merges)]
    learned = [decode([256 + n], merges) for n in range(len(merges))]
    for n, word in enumerate(learned, 1):
        print(f"merge {n}: {word!r}")
    print(" | ".join(pieces))
    before, after = len(text), len(pieces)
    print(f"{before} bytes became {after} symbols")
    slow = [decode([symbol], merges) for symbol in encode("slow slowest", merges)]
    slow_pieces = " | ".join(map(repr, slow))  # exercise 1
