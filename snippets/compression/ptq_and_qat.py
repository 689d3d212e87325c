"""Quantize a trained model, or let it practise first: PTQ against QAT with an equal budget.

Sources: Jacob et al. (2018), section 3, https://arxiv.org/abs/1712.05877 (training with simulated
quantization); Bengio et al. (2013), https://arxiv.org/abs/1308.3432 (straight through)
"""

import copy
from itertools import repeat

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization

from snippets.basics.learning import wrongness
from snippets.compression.fake_quant import fake_quantize
from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.model.training import random_windows, train
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads

PRACTICE_STEPS, PRACTICE_BATCH, PRACTICE_WINDOW, PRACTICE_RATE = 50, 8, 128, 3e-4
BIT_WIDTHS = (8, 4, 3, 2)  # bits


def row_scales(weight: Tensor, bits: int) -> Tensor:
    """Choose for each row of `(out, in)` the step whose rounding is least wrong: `(out, 1)`."""
    top = 2 ** (bits - 1) - 1
    widest = weight.abs().amax(1, keepdim=True).clamp(min=1e-12) / top  # (out, 1)
    scales = torch.linspace(0.25, 1, 16, device=weight.device)[:, None, None] * widest
    rounded = (weight / scales).round().clamp(-top, top) * scales  # (16, out, in)
    best = (rounded - weight).square().sum(2, keepdim=True).argmin(0, keepdim=True)
    return scales.gather(0, best)[0]  # (out, 1)


class FakeQuantNode(nn.Module):
    """Stands between a float weight and whoever uses it; its scales are chosen once."""

    def __init__(self, weight: Tensor, bits: int):
        """Choose the scales for a weight `(out, in)`."""
        super().__init__()
        self.top = 2 ** (bits - 1) - 1
        self.register_buffer("scale", row_scales(weight.detach(), bits))  # (out, 1)

    def forward(self, weight: Tensor) -> Tensor:
        """Put `(out, in)` on the grid; gradients go straight through."""
        return fake_quantize(weight, self.scale, -self.top, self.top)


def with_nodes(model: Transformer, bits: int) -> Transformer:
    """Copy a model and put a node behind every matrix of its blocks; the original stays.

    Raises:
        ValueError: If bits is not from 2 to 8.
    """
    if bits not in range(2, 9):
        raise ValueError(f"bits must be a whole number from 2 to 8, got {bits}")
    model = copy.deepcopy(model)
    for layer in [part for part in model.modules() if isinstance(part, nn.Linear)]:
        register_parametrization(layer, "weight", FakeQuantNode(layer.weight, bits))
    return model


def practise(model: Transformer, ids: Tensor, seed: int, steps: int = PRACTICE_STEPS) -> None:
    """Fine-tune all weights a little, in place; the seed decides which pieces of text are read."""
    chance = torch.Generator().manual_seed(seed)
    batches = (random_windows(ids, PRACTICE_BATCH, PRACTICE_WINDOW, chance) for _ in repeat(0))
    optimizer = torch.optim.AdamW(model.parameters(), PRACTICE_RATE, weight_decay=0.0)
    train(model, batches, [optimizer], steps, warm_up=5)


def practised(model: Transformer, ids: Tensor, seed: int) -> Transformer:
    """Fine-tune a copy."""
    model = copy.deepcopy(model)
    practise(model, ids, seed)
    return model


@torch.no_grad()
def exam_loss(model: Transformer, exam: Tensor) -> float:
    """Measure nats per character on windows `(B, T + 1)`."""
    return wrongness(model, exam).item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    tiny, _ = load_tiny()
    _, ids, held_out = play_ids()
    exam = held_out[: 160 * 128 + 1].unfold(0, 129, 128)  # (160, 129)
    told, SEEDS = {}, range(3)  # kind, bits -> a loss for each seed
    with with_threads(1):
        trained = exam_loss(tiny, exam)
        trained_on = [practised(tiny, ids, seed) for seed in SEEDS]
        longer = [exam_loss(model, exam) for model in trained_on]
        for bits in BIT_WIDTHS:
            told["ptq", bits] = [exam_loss(with_nodes(tiny, bits), exam)]
            told["control", bits] = [exam_loss(with_nodes(m, bits), exam) for m in trained_on]
            nodes = with_nodes(tiny, bits)
            told["qat", bits] = [exam_loss(practised(nodes, ids, seed), exam) for seed in SEEDS]
    trained, longer = round(trained, 2), [round(loss, 2) for loss in longer]
    print(f"Tiny in 32 bits: {trained}; after extra steps, 3 seeds: {longer} nats per character")
    rows = []
    for bits in BIT_WIDTHS:
        row: dict[str, int | float | str] = {"bits": bits, "labels": 2**bits - 1}
        for kind in ("ptq", "control", "qat"):
            losses = told[kind, bits]
            row[kind] = round(sum(losses) / len(losses), 2)
            row[kind + "_least"], row[kind + "_most"] = (round(f(losses), 2) for f in (min, max))
        lost, left = (min(row["ptq"], row["control"]) - trained, row["qat"] - trained)
        row |= {"lost": round(lost, 2), "left": round(left, 2)}
        rows.append(row | {"seeds": "{qat_least:.2f} to {qat_most:.2f}".format(**row)})
        print("{bits} bits: PTQ {ptq:.2f}, extra steps, then PTQ {control:.2f}, QAT {qat:.2f}"
              " ({seeds})".format(**rows[-1]))  # fmt: skip
    read = PRACTICE_STEPS * PRACTICE_BATCH * PRACTICE_WINDOW

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    names = {"ptq": "PTQ", "control": "extra steps, then PTQ", "qat": "QAT"}
    for place, (kind, name) in enumerate(names.items()):
        low, middle, high = ([row[kind + end] for row in rows] for end in ("_least", "", "_most"))
        ax.fill_between(range(len(rows)), low, high, color=f"C{place}", alpha=0.3)
        ax.plot(middle, "o-", color=f"C{place}", label=name)
    ax.axhline(trained, color="gray", linestyle=":", label="Tiny in 32 bits")
    ax.set_xticks(range(len(BIT_WIDTHS)), [str(bits) for bits in BIT_WIDTHS])
    ax.set(title="Rounded afterwards, or rehearsed", xlabel="bits for each weight")
    ax.set_ylabel("held-out nats per character")
    ax.legend()
    plt.show()
