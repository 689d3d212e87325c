"""What the first and the last of a family write: one page of each, as it came.

Source: Shumailov et al. (2024), Nature 631, https://doi.org/10.1038/s41586-024-07566-y, example 1
(the same with a real model and a text about church towers)
"""

from collections.abc import Sequence
from textwrap import fill

from snippets.ecosystem.family import hamlet_library
from snippets.ecosystem.pollution import GENERATIONS, REGIMES, all_dynasties

SHOWN_WORDS = 28


def set_in_type(words: Sequence[str]) -> str:
    """Join words and signs to a line as a printer would: no space before a sign.

    Raises:
        ValueError: If there is no word.
    """
    if not words:
        raise ValueError("wanted a word or more to set in type, got none")
    return "".join(word if word in ".,;:!?" else f" {word}" for word in words).strip()


if __name__ == "__main__":
    kinds, runs = hamlet_library().kinds, all_dynasties()
    pages = {
        "founder": set_in_type([kinds[n] for n in runs["replace, page 1"][0, 0, :SHOWN_WORDS]])
    }
    for regime in REGIMES:
        last = runs[f"{regime}, page 1"][0, GENERATIONS, :SHOWN_WORDS]
        pages[regime] = set_in_type([kinds[n] for n in last])
    for name, page in pages.items():
        print(fill(f"{name:8}: {page}", 72, subsequent_indent=" " * 10))
