"""A model as a reader that never reads twice, writes lines, and picks one of several words.

Source: constrained choice as in Willard and Louf (2023), https://arxiv.org/abs/2307.09702
"""

from collections.abc import Sequence

import torch

from snippets.model.smollm2 import load


class Writer:
    """A model and what it has read so far, kept in a cache so that nothing is read twice."""

    def __init__(self, model, tokenizer, room: int = 1024):
        self._model, self._tokenizer = model, tokenizer
        self._cache = model.new_cache(1, room)

    @torch.no_grad()
    def read(self, text: str) -> None:
        """Read on; afterwards `log_chances` are those of the next token, `(V,)`."""
        ids = torch.tensor([self._tokenizer.encode(text)])
        vectors = self._model.read(ids, self._cache)  # (1, T, C)
        self.log_chances = self._model.predict(vectors[:, -1])[0].log_softmax(-1)

    def choose(self, options: Sequence[str]) -> tuple[str, float]:
        """Read on with the likeliest of some words; say which, and its share among them.

        Words are told apart by their first token.

        Raises:
            ValueError: If there are none, or two begin with the same token.
        """
        firsts = [self._tokenizer.encode(f" {option}")[0] for option in options]
        if not firsts or len(set(firsts)) < len(firsts):
            raise ValueError(f"wanted words that begin differently, got {list(options)}")
        chances = self.log_chances[firsts].softmax(-1)
        best = int(chances.argmax())
        self.read(f" {options[best]}")
        return options[best], chances[best].item()

    def write_line(self, longest: int = 20) -> str:
        """Write, always the likeliest token, to the end of the line."""
        line = ""
        for _ in range(longest):
            token = self._tokenizer.decode([int(self.log_chances.argmax())])
            if "\n" in token or token.startswith("<|"):
                break
            line += token
            self.read(token)
        return line.strip()


if __name__ == "__main__":
    writer = Writer(*load())
    writer.read("The capital of France is")
    city, share = writer.choose(["London", "Paris", "Rome"])
    print(f"{city}, with {share:.0%} of the three; it goes on: {writer.write_line(8)}")
