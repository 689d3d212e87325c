"""Cut long texts into passages that overlap, so that nothing is lost at a cut; pick the best.

Source: Lewis et al. (2020), section 3, https://arxiv.org/abs/2005.11401 (passages of 100 words)
"""

from collections.abc import Sequence

from snippets.retrieval.bm25 import BM25
from snippets.retrieval.docstrings import DocEntry

CHUNK_WORDS, OVERLAP_WORDS = 40, 10
ENTRIES_READ, PASSAGES_SHOWN = 3, 2


def cut_into_chunks(text: str, size: int = CHUNK_WORDS, overlap: int = OVERLAP_WORDS) -> list[str]:
    """Give passages of at most `size` words; each begins with the last `overlap` of the one before.

    Raises:
        ValueError: If overlap is not below size, or below 0.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"wanted 0 <= overlap < size, got {overlap=}, {size=}")
    words = text.split()
    starts = range(0, max(len(words) - overlap, 1), size - overlap)
    return [" ".join(words[start : start + size]) for start in starts]


def best_passages(
    question: str,
    entries: Sequence[DocEntry],
    size: int = CHUNK_WORDS,
    overlap: int = OVERLAP_WORDS,
) -> list[str]:
    """Cut entries into passages, and pick those that share most with the question, best first.

    Raises:
        ValueError: If there is no entry.
    """
    if not entries:
        raise ValueError("wanted at least one entry to read, got none")
    passages = [
        f"{entry.name}: {piece}"
        for entry in entries
        for piece in cut_into_chunks(entry.text, size, overlap)
    ]
    order = BM25(passages).ranking(question)
    return [passages[number] for number in order[:PASSAGES_SHOWN]]


if __name__ == "__main__":
    text = "I went to the market and bought ten red apples for my old aunt"
    pieces = cut_into_chunks(text, size=6, overlap=2)
    for piece in pieces:
        print(piece)
