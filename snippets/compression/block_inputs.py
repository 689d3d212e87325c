"""What the linear layers of a real model read: walk through its blocks on a calibration text.

Source: Frantar et al. (2022), https://arxiv.org/abs/2210.17323 (calibration on
a small text, one block of the transformer at a time)
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding

from snippets.compression.same_text import token_windows
from snippets.model.cache import reading_mask
from snippets.model.rope import rope_angles
from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import DecoderBlock, Transformer
from snippets.tools.progress import progress
from snippets.tools.texts import read_play

# Linear layers of a block that read the same numbers, under the names that they have there.
SHARED_INPUTS = (
    ("attention.query", "attention.key", "attention.value"),
    ("attention.out",),
    ("ffn.gate", "ffn.up"),
    ("ffn.down",),
)


def calibration_ids(tokenizer: SmolTokenizer, count: int = 4, length: int = 512) -> Tensor:
    """Cut the beginning of Macbeth into `count` pieces of `length` tokens: ids `(B, T)`."""
    return token_windows(tokenizer, read_play("macbeth"), count, length)


def places_of(model: Transformer, length: int) -> tuple[Tensor, Tensor, Tensor | None]:
    """Give what a block must know of a text's places: cosine, sine `(T, D / 2)`, and the mask."""
    places = torch.arange(length, device=model.embed.device)
    angles = rope_angles(places, model.config.head_dim, model.config.rope_theta)
    return *angles, reading_mask(length, length, device=places.device)


@torch.no_grad()
def block_inputs(
    model: Transformer, ids: Tensor
) -> Iterator[tuple[DecoderBlock, dict[tuple[str, ...], Tensor]]]:
    """Give block after block with what its linear layers read; weights may be changed meanwhile.

    A block is run before it is given, so that later blocks read what the untouched model says.

    Args:
        model: Its blocks are walked in order.
        ids: `(B, T)`, int64: the text.

    Yields:
        The block, and for each group of SHARED_INPUTS what it reads: `(B T, in)`.
    """
    places = places_of(model, ids.shape[1])
    x = embedding(ids, model.embed)  # (B, T, C)
    for block in progress(model.blocks, "blocks"):
        read: dict[tuple[str, ...], Tensor] = {}
        hooks = [_listen(block, group, read) for group in SHARED_INPUTS]
        x = block(x, *places)  # (B, T, C)
        for hook in hooks:
            hook.remove()
        yield block, read


def _listen(block: nn.Module, group: tuple[str, ...], read: dict[tuple[str, ...], Tensor]):
    """Write down what the first layer of a group reads."""

    def note(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        read[group] = inputs[0].flatten(0, -2)  # (B T, in)

    return block.get_submodule(group[0]).register_forward_pre_hook(note)


if __name__ == "__main__":
    model, tokenizer = load()
    ids = calibration_ids(tokenizer, count=1, length=64)
    shapes = {}
    for _, read in block_inputs(model, ids):
        shapes = {" ".join(group): list(x.shape) for group, x in read.items()}
    for names, shape in shapes.items():
        print(f"{names:46} read {shape}")
    layers = sum(len(group) for group in SHARED_INPUTS)
    print(f"{layers} linear layers in each of {len(model.blocks)} blocks")
