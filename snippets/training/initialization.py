"""Where training starts: with random weights, with trained ones, or with most of them locked.

Sources: Yosinski et al. (2014), https://arxiv.org/abs/1411.1792 (copied layers, tuned or frozen);
Hu et al. (2021), section 4.1, https://arxiv.org/abs/2106.09685 (LoRA)
"""

import copy
from functools import cache

import torch
from torch import nn

from snippets.model.characters import Characters
from snippets.model.tiny import load_tiny, new_tiny
from snippets.model.transformer import Transformer
from snippets.training.freezing import trainable
from snippets.training.lora import add_lora

WAYS_TO_START = ("cold", "warm", "frozen", "LoRA", "noise")
START_TARGETS = ("query", "key", "value", "out", "gate", "up", "down")


def start_from(way: str, seed: int) -> Transformer:
    """Prepare a Tiny for a new task.

    Args:
        way: "cold": random weights, all learn; "warm": Tiny's weights, all learn; "frozen": Tiny's
            weights, locked, and a new random head that learns; "LoRA": Tiny's weights, locked, and
            silent detours of rank 4 that learn; "noise": random weights, locked, and a new head
            (nobody starts like this; it shows what a head learns without knowledge below it).
        seed: For whatever is random.

    Raises:
        ValueError: If there is no such way.
    """
    if way not in WAYS_TO_START:
        raise ValueError(f"wanted one of {list(WAYS_TO_START)}, got {way!r}")
    model, characters = copy.deepcopy(_tiny())
    if way in ("cold", "noise"):
        model = new_tiny(len(characters), seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if way in ("frozen", "noise"):
            model.requires_grad_(False)
            model.head = nn.Parameter(torch.randn(model.embed.shape) * 0.02)  # (V, C)
        if way == "LoRA":
            add_lora(model, rank=4, alpha=8, targets=START_TARGETS)
    return model


@cache
def _tiny() -> tuple[Transformer, Characters]:
    return load_tiny()


if __name__ == "__main__":
    count_rows = []
    for way in WAYS_TO_START[:4]:
        model = start_from(way, seed=0)
        everything = sum(weight.numel() for weight in model.parameters())
        learning = trainable(model)
        count_rows.append({"start": way, "learns": learning, "share": learning / everything})
        print(f"{way:6} {learning:>7,} of {everything:,} parameters learn")
    rank_1 = count_rows[3]["learns"] // 4  # rank 4 has four times that
