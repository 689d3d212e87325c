"""One helping of much text against many helpings of little: when reading turns into cramming.

Source: Muennighoff et al. (2023), https://arxiv.org/abs/2305.16264 (repeating data, and how far it
helps)
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from snippets.basics.learning import new_learner, wrongness
from snippets.model.characters import play_ids
from snippets.model.training import muon_and_adamw, train
from snippets.tools.threads import with_threads

WINDOW, BATCH, EPOCH_STEPS = 64, 16, 240
MUCH = EPOCH_STEPS * BATCH * WINDOW + 1  # characters: each is read once
LITTLE = MUCH // 40  # the same number of steps goes through these forty times


def whole_epochs(ids: Tensor, generator: torch.Generator) -> Iterator[Tensor]:
    """Cut a text into windows, shuffle them, hand out batches `(B, T + 1)`; again and again.

    Raises:
        ValueError: If the text has not one window.
    """
    count = (len(ids) - 1) // WINDOW
    if count < 1:
        raise ValueError(f"wanted more than {WINDOW} tokens, got {len(ids)}")
    windows = ids[: count * WINDOW + 1].unfold(0, WINDOW + 1, WINDOW)  # (count, T + 1)
    queue = torch.empty(0, dtype=torch.int64)
    while True:
        while len(queue) < BATCH:
            queue = torch.cat([queue, torch.randperm(count, generator=generator)])
        yield windows[queue[:BATCH]]
        queue = queue[BATCH:]


def train_and_examine(
    ids: Tensor, exam: Tensor, vocab_size: int, seed: int
) -> dict[str, list[float]]:
    """Train from nothing; losses on what is being read and on an exam `(B, T + 1)`, by step."""
    torch.manual_seed(seed)
    model, told = new_learner(vocab_size), []

    def examine(done: int) -> None:
        if done % 30 == 0:
            with torch.no_grad():
                told.append(wrongness(model, exam).item())

    batches = whole_epochs(ids, torch.Generator().manual_seed(seed))
    optimizers = muon_and_adamw(model, 0.02, 0.01)
    losses = train(model, batches, optimizers, EPOCH_STEPS, 20, after=examine)
    read = [sum(losses[max(n - 10, 0) : n + 10]) / len(losses[max(n - 10, 0) : n + 10])
            for n in range(0, EPOCH_STEPS + 1, 30)]  # fmt: skip
    return {"read": read, "exam": told}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    characters, ids, held_out = play_ids()
    exam = held_out[: 64 * WINDOW + 1].unfold(0, WINDOW + 1, WINDOW)  # (64, T + 1)
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.0), sharey=True)
    rows, steps = [], range(0, EPOCH_STEPS + 1, 30)
    with with_threads(1):
        for ax, (name, amount) in zip(axes, (("once", MUCH), ("40 times", LITTLE)), strict=True):
            runs = [
                train_and_examine(ids[:amount], exam, len(characters), seed) for seed in range(3)
            ]
            row = {"read": name, "characters": amount}
            for kind in ("read", "exam"):
                means = torch.tensor([run[kind] for run in runs]).mean(0)
                ends = [run[kind][-1] for run in runs]
                row |= {kind + " loss": round(float(means[-1]), 1)}
                row |= {kind + " spread": max(ends) - min(ends)}
                ax.plot(steps, means, label="what it reads" if kind == "read" else "another play")
            rows.append(row)
            print(f"{amount:,} characters, {name}: reads at {row['read loss']}, "
                  f"exam {row['exam loss']}")  # fmt: skip
            ax.set(title=f"{amount:,} characters, {name}", xlabel="steps")
    axes[0].set_ylabel("loss, nats per character")
    axes[0].legend()
    plt.show()
