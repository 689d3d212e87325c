"""Does a model copy what it was trained on? Find the longest piece that stands in both.

Source: Carlini et al. (2023), section 3, https://arxiv.org/abs/2202.07646 (memorization)
"""

from snippets.model.characters import play_texts
from snippets.model.tiny import RECIPE
from snippets.model.tiny_writes import write_after


def longest_copy(text: str, source: str) -> str:
    """Find the longest piece of a text that also stands in the source; "" if there is none."""
    best = ""
    for start in range(len(text)):
        while start + len(best) < len(text) and text[start : start + len(best) + 1] in source:
            best = text[start : start + len(best) + 1]
    return best


if __name__ == "__main__":
    train_text, held_out_text = play_texts()
    written = [write_after(RECIPE.steps, "HAMLET\n", 120, seed) for seed in range(4)]
    tiny = max((longest_copy(text[7:], train_text) for text in written), key=len)
    real = [held_out_text[9_000 * n : 9_000 * n + 120] for n in range(1, 5)]
    shakespeare = max((longest_copy(text, train_text) for text in real), key=len)
    lengths = {"Tiny": len(tiny), "Shakespeare": len(shakespeare)}
    print("longest piece found in the plays it was trained on, in 4 times 120 characters:")
    print(f"Tiny {tiny!r}, Shakespeare in another play {shakespeare!r}")
