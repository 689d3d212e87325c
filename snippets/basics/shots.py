"""Teach by example, in the prompt: opposites, with no, one, two and four examples.

Source: Brown et al. (2020), sections 1 and 2, https://arxiv.org/abs/2005.14165
"""

from snippets.model.left_padding import write_batch
from snippets.model.smollm2 import load

SHOWN_OPPOSITES = (("hot", "cold"), ("big", "small"), ("early", "late"), ("happy", "sad"))
ASKED_OPPOSITES = (
    ("up", "down"), ("left", "right"), ("open", "closed"), ("fast", "slow"), ("rich", "poor"),
    ("light", "dark"), ("hard", "soft"), ("young", "old"), ("full", "empty"), ("strong", "weak"),
    ("wet", "dry"), ("high", "low"), ("long", "short"), ("good", "bad"), ("true", "false"),
    ("alive", "dead"), ("first", "last"), ("inside", "outside"), ("love", "hate"), ("win", "lose"),
)  # fmt: skip


def few_shot_prompt(word: str, examples: tuple[tuple[str, str], ...]) -> str:
    """Write "a -> b" lines, then the word and an arrow.

    Raises:
        ValueError: If the word is empty.
    """
    if not word.strip():
        raise ValueError(f"wanted a word, got {word!r}")
    return "".join(f"{a} -> {b}\n" for a, b in examples) + f"{word} ->"


def count_right(model, tokenizer, examples: tuple[tuple[str, str], ...]) -> int:
    """Ask for all opposites; count how many lines begin with the expected word."""
    prompts = [tokenizer.encode(few_shot_prompt(word, examples)) for word, _ in ASKED_OPPOSITES]
    written = write_batch(model, prompts, 3, tokenizer.eos_id)
    lines = [tokenizer.decode(row).strip() for row in written]
    pairs = zip(lines, ASKED_OPPOSITES, strict=True)
    return sum(line.split()[:1] == [opposite] for line, (_, opposite) in pairs)


if __name__ == "__main__":
    model, tokenizer = load()
    right = {k: count_right(model, tokenizer, SHOWN_OPPOSITES[:k]) for k in (0, 1, 2, 4)}
    asked = len(ASKED_OPPOSITES)
    for k, count in right.items():
        print(f"{k} examples: {count} of {asked} right")
