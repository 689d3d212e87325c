"""One word, several meanings: the company that a word keeps changes its vector.

Sources: Firth (1957), "you shall know a word by the company it keeps"; Ethayarajh (2019),
https://arxiv.org/abs/1909.00512 (vectors in context)
"""

import torch
from torch import Tensor
from torch.nn.functional import normalize

from snippets.model.bert import BertEncoder
from snippets.model.minilm import load_minilm_parts
from snippets.model.wordpiece import WordPiece
from snippets.tools.plot import heatmap, name_ticks

BANKS = (  # three by the water, three about money
    "They had a picnic on the bank of the river.",
    "The boat drifted slowly towards the muddy bank.",
    "Willows grow along the bank of the stream.",
    "She opened an account at the bank.",
    "The bank raised its interest rates again.",
    "He asked the bank for a loan.",
)


@torch.no_grad()
def vector_of_word(
    word: str, sentence: str, wordpiece: WordPiece, encoder: BertEncoder, layers: int | None = None
) -> Tensor:
    """Give the vector of a word in its sentence, `(C,)`, of length 1.

    With layers = 0 it is what the word comes in with, before it has looked at any other.

    Raises:
        ValueError: If the word is not one token of the sentence.
    """
    tokens = wordpiece.tokens(sentence)
    if word not in tokens:
        raise ValueError(f"wanted {word!r} as one token of the sentence, got {tokens}")
    ids = torch.tensor([wordpiece.encode(sentence)])  # (1, T)
    if layers == 0:
        return normalize(encoder.words(ids)[0, tokens.index(word)], dim=0)
    return normalize(encoder(ids, ids >= 0)[0, tokens.index(word)], dim=0)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    parts = load_minilm_parts()
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.4))
    means = {}
    for ax, (name, layers) in zip(axes, (("coming in", 0), ("going out", None)), strict=True):
        vectors = torch.stack([vector_of_word("bank", s, *parts, layers) for s in BANKS])  # (6, C)
        alike = vectors @ vectors.T  # (6, 6)
        same = (alike[:3, :3].sum() + alike[3:, 3:].sum() - 6) / 12
        means[name] = {
            "same": round(float(same), 2),
            "other": round(float(alike[:3, 3:].mean()), 2),
        }
        print(
            f"'bank' {name}: alike within a meaning {same:.2f}, across {alike[:3, 3:].mean():.2f}"
        )
        heatmap(ax, alike)
        names = ["water"] * 3 + ["money"] * 3
        name_ticks(ax, names, names)
        ax.tick_params(axis="x", rotation=60)
        ax.set_title(f"'bank' {name}")
    plt.show()
