"""Change the last word of a sentence: which earlier words does a model see in another light?

Sources: Devlin et al. (2019), figure 3, https://arxiv.org/abs/1810.04805 (both ways against left to
right)
"""

import torch
from torch import Tensor

from snippets.model.minilm import load_minilm_parts
from snippets.model.smollm2 import load


def relative_change(before: Tensor, after: Tensor) -> list[float]:
    """Say how far each token's vector `(T, C)` moved, in lengths of the vector.

    Raises:
        ValueError: If the two are not of one shape.
    """
    if before.shape != after.shape:
        raise ValueError(f"wanted two of one shape, got {before.shape} and {after.shape}")
    return ((after - before).norm(dim=-1) / before.norm(dim=-1)).tolist()


@torch.no_grad()
def read_both_ways(text: str) -> dict[str, tuple[list[str], Tensor]]:
    """Let a decoder and an encoder read a text: the tokens and their vectors `(T, C)` of each."""
    decoder, smol = load()
    wordpiece, encoder = load_minilm_parts()
    ids, pieces = torch.tensor([smol.encode(text)]), torch.tensor([wordpiece.encode(text)])
    return {
        "decoder": ([smol.decode([n]).strip() for n in ids[0].tolist()], decoder.read(ids)[0]),
        "encoder": (wordpiece.tokens(text), encoder(pieces, pieces >= 0)[0]),
    }


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    steep = read_both_ways("The bank was very steep")
    strict = read_both_ways("The bank was very strict")
    changes = {}
    for name, (tokens, vectors) in steep.items():
        change = [round(c, 2) for c in relative_change(vectors, strict[name][1])]
        changes[name] = dict(zip(tokens, change, strict=True))
        print(f"{name}: {changes[name]}")

    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.0), sharey=True)
    for ax, (name, change) in zip(axes, changes.items(), strict=True):
        ax.bar(range(len(change)), list(change.values()))
        ax.set_xticks(range(len(change)), list(change), rotation=45)
        ax.set(title=name, xlabel="token")
    axes[0].set_ylabel("change of its vector, in lengths")
    figure.suptitle("When the last word, steep, becomes strict")
    plt.show()
