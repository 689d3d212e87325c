"""Cut a long text into passages that overlap, so that no sentence is lost at a cut.

Source: Lewis et al. (2020), section 3, https://arxiv.org/abs/2005.11401 (passages of 100 words)
"""

CHUNK_WORDS, OVERLAP_WORDS = 40, 10


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


if __name__ == "__main__":
    text = "I went to the market and bought ten red apples for my old aunt"
    pieces = cut_into_chunks(text, size=6, overlap=2)
    for piece in pieces:
        print(piece)
