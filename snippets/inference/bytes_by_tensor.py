"""Sixteen or eighteen bytes for each parameter: what lies in memory between two steps, by tensor.

Sources: Rajbhandari et al. (2020), sections 3.1 and 5, https://arxiv.org/abs/1910.02054 (16 bytes,
and how cards share them); Micikevicius et al. (2018), section 3.1,
https://arxiv.org/abs/1710.03740 (the copy in 32 bits)
"""

from collections.abc import Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from snippets.basics.learning import wrongness
from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.model.training import random_windows


class StepKeeper:
    """Weights in 16 bits, slopes added up in a dtype of your choice, AdamW in 32 bits."""

    def __init__(self, model: nn.Module, slopes: torch.dtype):
        """Copy a model; it stays as it is."""
        self.model = deepcopy(model).to(torch.bfloat16)
        self.copy = [weight.detach().clone().float() for weight in model.parameters()]
        self.slopes = [torch.zeros_like(weight, dtype=slopes) for weight in self.copy]
        self.optimizer = AdamW(self.copy, 1e-4, weight_decay=0.0, foreach=False)

    def add_slopes(self, batches: Sequence[Tensor]) -> None:
        """Add up the slopes of some batches `(B, T + 1)`, one after the other.

        Raises:
            ValueError: If there is no batch.
        """
        if not len(batches):
            raise ValueError("wanted at least 1 batch, got none")
        for total in self.slopes:
            total.zero_()
        for ids in batches:
            wrongness(self.model, ids).backward()
            for total, weight in zip(self.slopes, self.model.parameters(), strict=True):
                total += weight.grad
                weight.grad = None  # its 2 bytes are free again

    def step(self) -> None:
        """Move the precise copy, and round it into the model."""
        for precise, total in zip(self.copy, self.slopes, strict=True):
            precise.grad = total.float()
        self.optimizer.step()
        self.optimizer.zero_grad()
        with torch.no_grad():
            for weight, precise in zip(self.model.parameters(), self.copy, strict=True):
                weight.copy_(precise)

    def kept_tensors(self) -> dict[str, list[Tensor]]:
        """List what lies in memory between two steps, by what it is for."""
        states = [self.optimizer.state[precise] for precise in self.copy]
        return {
            "weights": list(self.model.parameters()),
            "slopes": self.slopes,
            "copy": self.copy,
            "means": [state["exp_avg"] for state in states],
            "spreads": [state["exp_avg_sq"] for state in states],
        }


def sharded_bytes(parameters: float, cards: int, stage: int) -> float:
    """Say how many bytes of the sixteen lie on each card if the cards share (ZeRO).

    Args:
        parameters: Of the whole model.
        cards: How many share.
        stage: 0 shares nothing, 1 what the optimizer keeps, 2 also gradients, 3 also weights.

    Raises:
        ValueError: If a number cannot be.
    """
    if not (parameters > 0 and cards >= 1 and stage in (0, 1, 2, 3)):
        given = f"parameters={parameters}, cards={cards}, stage={stage}"
        raise ValueError(f"wanted parameters > 0, cards >= 1, a stage from 0 to 3, got {given}")
    whole = {0: 16, 1: 4, 2: 2, 3: 0}[stage]
    return parameters * (whole + (16 - whole) / cards)


def slope_error(some: Sequence[Tensor], exact: Sequence[Tensor]) -> float:
    """Say how far some slopes are from the exact ones, as a share of the length of those."""
    pairs = list(zip(some, exact, strict=True))
    wrong = sum((a.double() - b.double()).square().sum() for a, b in pairs)
    return float((wrong / sum(b.double().square().sum() for _, b in pairs)).sqrt())


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    tiny, _ = load_tiny()
    _, ids, _ = play_ids()
    chance = torch.Generator().manual_seed(0)
    batches = random_windows(ids, 64, 64, chance)[:, None]  # (64, 1, 65): one text at a time
    numbers = sum(weight.numel() for weight in tiny.parameters())
    keepers, totals, each = {}, {}, {}
    for name, slopes in {"16 bits": torch.bfloat16, "32 bits": torch.float32}.items():
        keepers[name] = StepKeeper(tiny, slopes)
        keepers[name].add_slopes(batches)
        keepers[name].step()
        lying = keepers[name].kept_tensors()
        each[name] = {what: sum(t.nbytes for t in some) / numbers for what, some in lying.items()}
        totals[name] = sum(each[name].values())
        told = " + ".join(f"{some:g} {what}" for what, some in each[name].items())
        print(f"slopes in {name}: {told} = {totals[name]:g} bytes")
    scaffold = totals["16 bits"] / each["16 bits"]["weights"] - 1
    error = slope_error(keepers["16 bits"].slopes, keepers["32 bits"].slopes)
    print(f"64 texts added up in 16 bits: slopes off by about {error:.0%}")
    shares = [{"stage": stage, **{f"on {cards}": sharded_bytes(405e9, cards, stage) / 1e9
              for cards in (64, 1_024, 16_384)}} for stage in (0, 1, 2, 3)]  # fmt: skip

    figure, ax = plt.subplots(figsize=(6.4, 2.4))
    for row, (name, parts) in enumerate(each.items()):
        left = 0.0
        for number, (what, some) in enumerate(parts.items()):
            ax.barh(f"slopes in\n{name}", some, left=left, color=f"C{number}",
                    label=None if row else what)  # fmt: skip
            left += some
    ax.set(
        title="Tiny between two steps", xlabel="bytes for each parameter", xticks=range(0, 19, 2)
    )
    ax.set_ylim(-0.6, 2.3)
    ax.legend(ncol=5, loc="upper center", fontsize=8)
    plt.show()
