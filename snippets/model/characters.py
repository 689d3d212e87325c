"""Characters as tokens: the simplest tokenizer there is, and the plays cut into two parts.

Source: Karpathy (2015), https://karpathy.github.io/2015/05/21/rnn-effectiveness/ (Shakespeare, one
character at a time)
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from snippets.tools.texts import read_plays

HELD_OUT_PLAYS = 2  # the last two of 38: 5 % of the text, and no line of theirs is trained on


class Characters:
    """A number for each character, in the order of Unicode."""

    def __init__(self, text: str):
        """Learn which characters there are."""
        self.symbols = sorted(set(text))

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str) -> list[int]:
        """Turn characters into ids; errors as in `ids_of`."""
        return self.ids_of(text).tolist()

    def ids_of(self, text: str) -> Tensor:
        """Turn characters into ids `(N,)`, int64, also millions of them.

        Raises:
            ValueError: If a character is not known.
        """
        strange = sorted(set(text) - set(self.symbols))
        if strange:
            known = "".join(self.symbols).strip()
            raise ValueError(f"cannot write {''.join(strange)!r}; the characters are {known!r}")
        points, table = (
            np.frombuffer(some.encode("utf-32-le"), np.uint32)
            for some in (text, "".join(self.symbols))
        )
        return torch.from_numpy(np.searchsorted(table, points))

    def decode(self, ids: Sequence[int]) -> str:
        """Turn ids into characters."""
        return "".join(self.symbols[number] for number in ids)


def play_texts() -> tuple[str, str]:
    """Join the plays to a text to train on and one held out.

    Raises:
        FileNotFoundError: If the package that brings the plays is missing.
    """
    plays = list(read_plays().values())
    return "".join(plays[:-HELD_OUT_PLAYS]), "".join(plays[-HELD_OUT_PLAYS:])


def play_ids() -> tuple[Characters, Tensor, Tensor]:
    """Give the characters of all plays, and both texts as ids `(N,)`, int64."""
    train, held_out = play_texts()
    characters = Characters(train + held_out)
    return characters, characters.ids_of(train), characters.ids_of(held_out)


if __name__ == "__main__":
    characters, train_ids, held_out_ids = play_ids()
    symbols, letters, held_out = len(characters), len(train_ids), len(held_out_ids)
    share = round(100 * held_out / (letters + held_out), 1)
    print(f"{symbols} characters; {letters:,} to train on, {held_out:,} held out ({share} %)")
    print(characters.encode("To be"), repr(characters.decode([44, 66, 1])))
