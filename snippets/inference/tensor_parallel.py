"""Tensor parallelism: each rank holds some heads and a slice of every matrix.

Source: Shoeybi et al. (2019), "Megatron-LM", section 3, https://arxiv.org/abs/1909.08053; unlike
there, the table of tokens is not cut, every rank holds all of it
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from snippets.inference.wire import Wire
from snippets.model.transformer import Transformer, TransformerConfig

CUT_OUTPUTS = ("query.weight", "key.weight", "value.weight", "gate.weight", "up.weight")
CUT_INPUTS = ("out.weight", "down.weight")  # everything else is held whole by all


def sliced_config(c: TransformerConfig, ranks: int) -> TransformerConfig:
    """Work out the sizes of one rank's share.

    Raises:
        ValueError: If the heads or the feed-forward network cannot be dealt out evenly.
    """
    sizes = {"key-value heads": c.n_kv_heads, "heads": c.n_heads, "inner numbers": c.d_ffn}
    for what, size in sizes.items():
        if ranks < 1 or size % ranks:
            fits = [n for n in range(1, size + 1) if not any(s % n for s in sizes.values())]
            raise ValueError(f"{ranks} ranks cannot share {size} {what} evenly; wanted {fits}")
    heads, stored = c.n_heads // ranks, c.n_kv_heads // ranks
    return replace(c, n_heads=heads, n_kv_heads=stored, d_ffn=c.d_ffn // ranks)


def share_of(name: str, weight: Tensor, rank: int, ranks: int) -> Tensor:
    """Cut out what one rank holds of a weight `(out, in)`; a copy, so that the rest can go."""
    if name.endswith(CUT_OUTPUTS):
        return weight.chunk(ranks, dim=0)[rank].clone()
    if name.endswith(CUT_INPUTS):
        return weight.chunk(ranks, dim=1)[rank].clone()
    return weight


class SummedUp(nn.Module):
    """A part of a block whose result is only a share: add up the shares of all ranks."""

    def __init__(self, part: nn.Module, wire: Wire):
        super().__init__()
        self.part, self.wire = part, wire

    def forward(self, x: Tensor, *rest) -> Tensor:
        """Work out this rank's share `(B, T, C)` and replace it by the sum."""
        return self.wire.all_reduce(self.part(x, *rest))


def tensor_parallel(model: Transformer, wire: Wire) -> Transformer:
    """Make this rank's part of a model; for reading and writing, not for training.

    It is called like the whole model, by all ranks at the same time with the same ids, and every
    rank gets all logits. Notes (the KV cache) are cut as well: each keeps those of its heads.

    Raises:
        ValueError: If the number of ranks does not fit the model.
    """
    with torch.device("meta"):
        mine = Transformer(sliced_config(model.config, wire.world)).eval()
    weights = model.state_dict().items()
    shares = {name: share_of(name, weight, wire.rank, wire.world) for name, weight in weights}
    mine.load_state_dict(shares, assign=True)
    for block in mine.blocks:
        block.attention = SummedUp(block.attention, wire)
        block.ffn = SummedUp(block.ffn, wire)
    return mine


if __name__ == "__main__":
    smol = TransformerConfig(49_152, 576, 30, 9, 3, 64, 1536, 8192)
    mine = sliced_config(smol, 3)
    print(f"of 3 ranks, each has {mine.n_heads} heads, {mine.n_kv_heads} of them stored,", end="")
    print(f" and {mine.d_ffn} inner numbers")
    try:
        sliced_config(smol, 2)
    except ValueError as error:
        refused = str(error)
    print(f"ValueError: {refused}")
