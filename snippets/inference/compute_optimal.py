"""Many parameters or much text: the best split of a budget by one law in three fits, and beyond.

Sources: Hoffmann et al. (2022), section 3.3, https://arxiv.org/abs/2203.15556 (the law); Besiroglu
et al. (2024), https://arxiv.org/abs/2404.10102 (fitted again); Sardana et al. (2024),
https://arxiv.org/abs/2401.00448 (counting what is served)
"""

import torch
from torch import Tensor

from snippets.basics.scaling_fit import ScalingLaw
from snippets.inference.facts_pretraining import (
    CHINCHILLA_PARAMETERS,
    CHINCHILLA_REPLICATED,
    CHINCHILLA_TOKENS,
    LLAMA_HOURS,
    PUBLISHED_LAWS,
    PublishedLaw,
)

TOKENS_PER_WEIGHT = 20  # what became of Hoffmann et al. (2022), table 3, as a rule of thumb


def as_law(told: PublishedLaw) -> ScalingLaw:
    """Turn a published fit into a law that foretells losses."""
    return ScalingLaw(told.floor, told.a, told.alpha, told.b, told.beta)


def foretell(law: ScalingLaw, parameters: float, tokens: float) -> float:
    """Foretell one loss, in nats per token."""
    sizes = (torch.tensor([float(n)], dtype=torch.float64) for n in (parameters, tokens))
    return float(law.loss(*sizes))


def optimal_split(law: ScalingLaw, flops: float) -> tuple[float, float]:
    """Find the parameters and tokens that make the loss smallest with 6 N D = flops.

    Raises:
        ValueError: If flops is not above 0.
    """
    if not flops > 0:
        raise ValueError(f"wanted flops above 0, got {flops}")
    both = law.alpha + law.beta
    balance = (law.alpha * law.a / (law.beta * law.b)) ** (1 / both)
    parameters = balance * (flops / 6) ** (law.beta / both)
    return parameters, flops / 6 / parameters


def optimal_budget(law: ScalingLaw, loss: float) -> float:
    """Find the smallest number of FLOPs that reaches a loss, by halving an interval.

    Raises:
        ValueError: If the loss is not above the law's floor, or out of reach.
    """
    low, high = 1e12, 1e36
    if (
        not foretell(law, *optimal_split(law, high))
        < loss
        < foretell(law, *optimal_split(law, low))
    ):
        raise ValueError(f"wanted a loss above the floor {law.floor} that is in reach, got {loss}")
    for _ in range(200):
        middle = (low * high) ** 0.5
        if foretell(law, *optimal_split(law, middle)) > loss:
            low = middle
        else:
            high = middle
    return high


def losses_of_budget(law: ScalingLaw, flops: float, parameters: Tensor) -> Tensor:
    """Foretell the losses of models `(n,)` that all spend the same FLOPs."""
    return law.loss(parameters, flops / 6 / parameters)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    budget = 6 * CHINCHILLA_PARAMETERS * CHINCHILLA_TOKENS
    rows = []
    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    sizes = torch.logspace(9.3, 11.7, 60, dtype=torch.float64)
    for number, told in enumerate(PUBLISHED_LAWS):
        law = as_law(told)
        n, d = optimal_split(law, budget)
        rows.append({"law": told.name, "parameters": n / 1e9, "tokens": d / 1e12, "each": d / n,
                     "loss": foretell(law, n, d)})  # fmt: skip
        print(f"{told.name}: {n / 1e9:.0f} billion parameters, {d / n:.0f} tokens for each")
        ax.plot(sizes / 1e9, losses_of_budget(law, budget, sizes), color=f"C{number}",
                label=told.name)  # fmt: skip
        ax.plot(n / 1e9, rows[-1]["loss"], "o", color=f"C{number}")
    ax.axvline(CHINCHILLA_PARAMETERS / 1e9, color="C3", linestyle=":", label="Chinchilla")
    ax.set_xscale("log")
    ax.set_xticks([2, 10, 70, 500], ["2", "10", "70", "500"])
    ax.set_xticks([], minor=True)
    ax.legend()
    ax.set(title="One budget, spent on large or small models", xlabel="billions of parameters")
    ax.set_ylabel("foretold loss, nats per token")
    plt.show()

    law = as_law(CHINCHILLA_REPLICATED)
    over = []
    for run in LLAMA_HOURS:
        flops = 6 * run.parameters * run.tokens
        best = optimal_budget(law, foretell(law, run.parameters, run.tokens))
        n, d = optimal_split(law, best)
        served = (flops - best) / (2 * (n - run.parameters)) if n > run.parameters else None
        over.append({"model": run.model, "each": run.tokens / run.parameters, "extra": flops / best,
                     "twin": n / 1e9, "twin tokens": d / 1e12, "ratio": n / run.parameters,
                     "served": served, "trillions": served and served / 1e12})  # fmt: skip
        print(f"{run.model}: {over[-1]['each']:,.0f} tokens for each, {flops / best:.1f} times "
              f"the work of a {n / 1e9:.0f}B")  # fmt: skip
    n, _ = optimal_split(law, budget)
    detours = {f"{factor:g}": foretell(law, factor * n, budget / 6 / n / factor) - rows[-1]["loss"]
               for factor in (0.5, 2, 10)}  # fmt: skip
    worse = ", ".join(f"{factor} times: {nats:.3f}" for factor, nats in detours.items())
    print(f"nats lost by another size, {worse}")
    gpt_3_each, gpt_3_best = 300e9 / 175e9, optimal_split(law, 6 * 175e9 * 300e9)
    gpt_3_billions = gpt_3_best[0] / 1e9
    print(f"GPT-3's work, split best: {gpt_3_best[0] / 1e9:.0f} billion parameters, "
          f"{gpt_3_best[1] / 1e12:.1f} trillion tokens")  # fmt: skip
