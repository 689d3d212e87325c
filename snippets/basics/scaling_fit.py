"""A scaling law of our own: nine small trainings, a formula through them, a tenth foretold.

Sources: Kaplan et al. (2020), https://arxiv.org/abs/2001.08361; Hoffmann et al. (2022), equation 2,
https://arxiv.org/abs/2203.15556 (the form)
"""

from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

from snippets.basics.learning import new_learner, wrongness
from snippets.model.characters import play_ids
from snippets.model.training import muon_and_adamw, random_windows, train
from snippets.tools.threads import with_threads

WIDTHS, STEPS = (8, 16, 32), (60, 120, 240)
FORETOLD = (48, 480)  # width and steps of the tenth: larger than all, longer than all
SCALE_BATCH, SCALE_WINDOW = 16, 64


@dataclass(frozen=True)
class ScalingLaw:
    """Loss = floor + a / parameters^alpha + b / tokens^beta, in nats."""

    floor: float
    a: float
    alpha: float
    b: float
    beta: float

    def loss(self, parameters: Tensor, tokens: Tensor) -> Tensor:
        """Foretell losses `(n,)` from parameters `(n,)` and tokens `(n,)`, all float64."""
        return self.floor + self.a / parameters**self.alpha + self.b / tokens**self.beta


def fit_law(parameters: Tensor, tokens: Tensor, losses: Tensor) -> ScalingLaw:
    """Try all exponents on a grid; for each pair, floor, a and b by least squares.

    Args:
        parameters: `(n,)`, float64.
        tokens: `(n,)`, float64.
        losses: `(n,)`, float64, nats per token.

    Raises:
        ValueError: If there are fewer than 6 runs: five numbers are to be found.
    """
    if len(losses) < 6:
        raise ValueError(f"wanted at least 6 runs, got {len(losses)}")
    best = (float("inf"), ScalingLaw(0, 0, 0, 0, 0))
    for alpha, beta in product([n / 20 for n in range(1, 31)], repeat=2):
        columns = [torch.ones_like(losses), parameters**-alpha, tokens**-beta]
        design = torch.stack(columns, dim=1)  # (n, 3)
        found = torch.linalg.lstsq(design, losses[:, None]).solution[:, 0]  # (3,)
        error = float((design @ found - losses).square().sum())
        if error < best[0] and bool((found >= 0).all()):
            floor, a, b = found.tolist()
            best = (error, ScalingLaw(floor, a, alpha, b, beta))
    return best[1]


def train_one(width: int, steps: int, ids: Tensor, exam: Tensor, vocab_size: int) -> dict:
    """Train one model from nothing: parameters in its blocks, tokens read, loss in the exam."""
    torch.manual_seed(0)
    model, chance = new_learner(vocab_size, width), torch.Generator().manual_seed(0)
    batches = (random_windows(ids, SCALE_BATCH, SCALE_WINDOW, chance) for _ in range(steps))
    train(model, batches, muon_and_adamw(model, 0.02, 0.01), steps, steps // 10)
    with torch.no_grad():
        loss = wrongness(model, exam).item()
    parameters = sum(weight.numel() for weight in model.blocks.parameters())
    tokens = steps * SCALE_BATCH * SCALE_WINDOW
    return {"width": width, "parameters": parameters, "tokens": tokens, "loss": loss}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    characters, ids, held_out = play_ids()
    exam = held_out[: 256 * SCALE_WINDOW + 1].unfold(0, SCALE_WINDOW + 1, SCALE_WINDOW)
    with with_threads(1):
        rows = [
            train_one(width, steps, ids, exam, len(characters))
            for width, steps in (*product(WIDTHS, STEPS), FORETOLD)
        ]
    sizes, read, losses = (
        torch.tensor([row[key] for row in rows], dtype=torch.float64)
        for key in ("parameters", "tokens", "loss")
    )
    law = fit_law(sizes[:-1], read[:-1], losses[:-1])
    told, found = float(law.loss(sizes[-1:], read[-1:])), rows[-1]["loss"]
    misfit = float((law.loss(sizes[:-1], read[:-1]) - losses[:-1]).abs().max())
    print(f"loss = {law.floor:.2f} + {law.a:.2f} / N^{law.alpha} + {law.b:.1f} / D^{law.beta}")
    law_of_six = fit_law(sizes[3:-1], read[3:-1], losses[3:-1])  # without the smallest width
    told_by_six = float(law_of_six.loss(sizes[-1:], read[-1:]))
    alphas = {"nine": law.alpha, "six": law_of_six.alpha}
    print(f"largest error on the nine: {misfit:.3f}")
    nearest = float(losses[:-1].min())
    print(f"the tenth: foretold {told:.2f}, found {found:.2f}; best of the nine {nearest:.2f}")

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    line = torch.logspace(4.6, 5.9, 40, dtype=torch.float64)
    for number, width in enumerate((*WIDTHS, FORETOLD[0])):
        some = [row for row in rows if row["width"] == width]
        size = float(some[0]["parameters"])
        ax.plot(line, law.loss(torch.full_like(line, size), line), color=f"C{number}", linewidth=1)
        ax.plot([row["tokens"] for row in some], [row["loss"] for row in some], "o",
                color=f"C{number}", label=f"{size:,.0f} parameters")  # fmt: skip
    ax.set_xscale("log")
    ax.set_xticks([50_000, 100_000, 200_000, 500_000], ["50,000", "100,000", "200,000", "500,000"])
    ax.set_xticks([], minor=True)
    ax.legend()
    ax.set(title="Nine to learn from, one foretold", xlabel="characters read")
    ax.set_ylabel("loss, nats per character")
    plt.show()
