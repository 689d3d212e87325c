"""Sentence structure, learned from text alone: "is" or "are" after the keys to the cabinet.

Sources: Linzen, Dupoux and Goldberg (2016), https://arxiv.org/abs/1611.01368 (the test for
networks); Bock and Miller (1991), https://doi.org/10.1016/0010-0285(91)90003-7 (people slip, too)
"""

from itertools import product

import torch
from torch.nn.utils.rnn import pad_sequence

from snippets.model.smollm2 import load

OWNERS = (  # the verb belongs to the first noun; the second only stands nearer
    ("key", "to", "cabinet"),
    ("letter", "from", "king"),
    ("picture", "of", "child"),
    ("road", "to", "town"),
    ("door", "of", "house"),
    ("book", "by", "author"),
    ("song", "by", "singer"),
    ("window", "of", "room"),
    ("ship", "in", "harbour"),
    ("horse", "of", "farmer"),
    ("teacher", "of", "pupil"),
    ("flower", "in", "garden"),
)
PLURALS = {"child": "children"}


def in_number(noun: str, plural: bool) -> str:
    """Give a noun as it is, or for several."""
    return PLURALS.get(noun, noun + "s") if plural else noun


@torch.no_grad()
def picks_are(model, tokenizer, texts: list[str]) -> list[bool]:
    """Say for each text whether "are" is a likelier next word than "is".

    Raises:
        ValueError: If a text is empty.
    """
    if not all(texts):
        raise ValueError(f"wanted texts that are not empty, got {texts}")
    ids = [torch.tensor(tokenizer.encode(text)) for text in texts]
    filled = pad_sequence(ids, batch_first=True)  # (B, T); no token sees what stands behind it
    ends = torch.tensor([len(text) - 1 for text in ids])  # (B,)
    scores = model.predict(model.read(filled)[torch.arange(len(ids)), ends])  # (B, V)
    (one,), (several,) = tokenizer.encode(" is"), tokenizer.encode(" are")
    return (scores[:, several] > scores[:, one]).tolist()


if __name__ == "__main__":
    model, tokenizer = load()
    rows = []
    for first, second in product((False, True), repeat=2):  # is it several?
        texts = [
            f"The {in_number(owner, first)} {link} the {in_number(other, second)}"
            for owner, link, other in OWNERS
        ]
        right = sum(picked == first for picked in picks_are(model, tokenizer, texts))
        rows.append({"example": texts[0], "verb": ("is", "are")[first], "right": right})
        print(f"{texts[0]} ... {rows[-1]['verb']}: right in {right} of {len(OWNERS)}")
