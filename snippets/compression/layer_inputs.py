"""Two layers of a real model whose inputs are hard to quantize: a loud channel, a loud token.

Sources: Dettmers et al. (2022), https://arxiv.org/abs/2208.07339 (channels that are loud for every
token); Sun et al. (2024), https://arxiv.org/abs/2402.17762 (huge values at the first token)
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from snippets.compression.block_inputs import block_inputs, calibration_ids
from snippets.compression.same_text import fixed_rows
from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import Transformer

CALIBRATION_TOKENS = 256


@dataclass(frozen=True)
class WatchedLayer:
    """Linear layers that read the same numbers: which block, which names."""

    title: str
    block: int
    group: tuple[str, ...]


LOUD_CHANNEL = WatchedLayer(
    "queries, keys and values", 12, ("attention.query", "attention.key", "attention.value")
)
LOUD_TOKEN = WatchedLayer("end of the feed-forward network", 11, ("ffn.down",))


@torch.no_grad()
def listen_to_layers(
    model: Transformer, ids: Tensor, layers: tuple[WatchedLayer, ...]
) -> list[tuple[Tensor, Tensor]]:
    """Let a model read, and write down what some layers are and what they are given.

    Args:
        model: Its blocks are walked in order, no further than needed.
        ids: `(B, T)`, int64.
        layers: Which ones.

    Returns:
        For each the weight `(out, in)`, layers that read the same stacked, and inputs `(B T, in)`.

    Raises:
        ValueError: If the model has no such block.
    """
    last = max(layer.block for layer in layers)
    if last >= len(model.blocks):
        raise ValueError(f"wanted block {last}, the model has {len(model.blocks)}")
    seen: dict[WatchedLayer, tuple[Tensor, Tensor]] = {}
    for number, (block, read) in enumerate(block_inputs(model, ids)):
        for layer in layers:
            if layer.block == number:
                parts = [block.get_submodule(name).weight for name in layer.group]
                seen[layer] = torch.cat(parts), read[layer.group]
        if number == last:
            break
    return [seen[layer] for layer in layers]


def calibration_and_test(tokenizer: SmolTokenizer) -> tuple[Tensor, Tensor]:
    """Give a piece of Macbeth to choose scales on, and one of a manual to judge them: `(1, T)`."""
    ids = calibration_ids(tokenizer, 1, CALIBRATION_TOKENS)
    return ids, fixed_rows(tokenizer, CALIBRATION_TOKENS)[1:]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    ids, _ = calibration_and_test(tokenizer)
    (_, by_channel), (_, by_token) = listen_to_layers(model, ids, (LOUD_CHANNEL, LOUD_TOKEN))
    channels, tokens = by_channel.abs().amax(0), by_token.abs().amax(1)  # (in), (T)
    rows = []
    for layer, sizes, kind in ((LOUD_CHANNEL, channels, "channel"), (LOUD_TOKEN, tokens, "token")):
        loudest, usual = sizes.max().item(), sizes.median().item()
        row = {"layer": layer.title, "block": layer.block, "kind": kind, "count": len(sizes)}
        row |= {"place": int(sizes.argmax()), "loudest": float(f"{loudest:.2g}")}
        rows.append(
            row | {"usual": float(f"{usual:.1g}"), "times": float(f"{loudest / usual:.1g}")}
        )
        print("block {block}: {kind} {place} of {count} reaches {loudest:g}, a usual one {usual:g}"
              .format(**rows[-1]))  # fmt: skip

    first = by_channel.abs().argmax(1) == channels.argmax()  # (T), is it this token's loudest?
    loudest_for = round(100 * first.double().mean().item())
    print(f"that channel is the loudest one for {loudest_for} % of the tokens")
    figure, axes = plt.subplots(1, 2, figsize=(7.0, 3.0))
    for ax, sizes, row in zip(axes, (channels, tokens), rows, strict=True):
        ax.vlines(range(len(sizes)), 0.01, sizes, color="C0", linewidth=0.8)
        ax.set(title=f"One loud {row['kind']}", xlabel=row["kind"], ylabel="largest magnitude")
    axes[0].set_ylim(0)
    axes[1].set(yscale="log", ylim=(0.1, 10_000))
    plt.show()
