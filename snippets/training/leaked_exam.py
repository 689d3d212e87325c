"""Learning by heart is seen in an exam, unless the exam stood in the schoolbook.

Source: Brown et al. (2020), appendix C, https://arxiv.org/abs/2005.14165 (GPT-3's own leak); Zhang
et al. (2024), https://arxiv.org/abs/2405.00332 (new questions of the same kind)
"""

import torch
from torch import Tensor

from snippets.basics.learning import new_learner, wrongness
from snippets.model.characters import play_ids
from snippets.model.training import muon_and_adamw, train
from snippets.tools.threads import with_threads

EXAM_WINDOW, EXAM_TEXTS, CRAM_BATCH, CRAM_STEPS, LOOK_EVERY = 64, 14, 12, 150, 15
PILES = ("training", "validation", "sealed")


def deal_piles(ids: Tensor, seed: int) -> dict[str, Tensor]:
    """Cut a text into three piles of windows `(N, T + 1)` that do not overlap."""
    chance = torch.Generator().manual_seed(seed)
    windows = ids[: len(ids) // (EXAM_WINDOW + 1) * (EXAM_WINDOW + 1)].view(-1, EXAM_WINDOW + 1)
    if len(windows) < 3 * EXAM_TEXTS:
        raise ValueError(f"wanted {3 * EXAM_TEXTS} windows or more, got {len(windows)}")
    drawn = windows[torch.randperm(len(windows), generator=chance)[: 3 * EXAM_TEXTS]]
    return dict(zip(PILES, drawn.split(EXAM_TEXTS), strict=True))


def cram(
    piles: dict[str, Tensor], vocab_size: int, seed: int, leak: bool
) -> dict[str, list[float]]:
    """Train a small network too long on too little; its loss on every pile by time.

    Args:
        piles: As `deal_piles` gives them.
        vocab_size: How many tokens there are.
        seed: Of the network and of the order of texts.
        leak: Whether the validation texts slipped into the training pile.
    """
    torch.manual_seed(seed)
    model = new_learner(vocab_size)
    book = torch.cat([piles["training"], piles["validation"]]) if leak else piles["training"]
    chance = torch.Generator().manual_seed(seed)
    course: dict[str, list[float]] = {pile: [] for pile in PILES}

    def examine(done: int) -> None:
        if done % LOOK_EVERY == 0:
            with torch.no_grad():
                for pile in PILES:
                    course[pile].append(wrongness(model, piles[pile]).item())

    batches = (
        book[torch.randint(len(book), (CRAM_BATCH,), generator=chance)] for _ in range(CRAM_STEPS)
    )
    train(model, batches, muon_and_adamw(model, 0.02, 0.01), CRAM_STEPS, 20, after=examine)
    return course


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    characters, ids, _ = play_ids()
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.0), sharey=True)
    rows, steps = [], list(range(0, CRAM_STEPS + 1, LOOK_EVERY))
    with with_threads(1):
        for ax, leak in zip(axes, (False, True), strict=True):
            runs = [cram(deal_piles(ids, s), len(characters), s, leak) for s in range(3)]
            name = "exam in the book" if leak else "exam kept apart"
            row: dict[str, object] = {"exam": name}
            for pile in PILES:
                mean = torch.tensor([run[pile] for run in runs]).mean(0)
                ends = [run[pile][-1] for run in runs]
                row |= {
                    pile: round(float(mean[-1]), 1),
                    f"{pile} best": round(float(mean.min()), 1),
                }
                row |= {f"{pile} spread": max(ends) - min(ends)}
                ax.plot(steps, mean, label=pile)
            # stop where validation is best: what does the sealed exam say there?
            stops = [min(range(len(steps)), key=run["validation"].__getitem__) for run in runs]
            row["stops"] = [steps[n] for n in stops]
            chosen = [run["sealed"][n] for run, n in zip(runs, stops, strict=True)]
            row["sealed at stop"] = round(sum(chosen) / len(chosen), 1)
            rows.append(row)
            print(f"{name}: ends at", ", ".join(f"{pile} {row[pile]}" for pile in PILES))
            print(f"  stopped where validation is best (steps {row['stops']}): "
                  f"sealed {row['sealed at stop']}")  # fmt: skip
            ax.set(title=name, xlabel="steps")
    axes[0].set_ylabel("loss, nats per character")
    axes[0].legend()
    plt.show()
