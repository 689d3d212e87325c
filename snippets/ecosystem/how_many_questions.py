"""How many exam questions does it take to tell 70 % from 72 %?

Sources: Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, chapter 4,
https://doi.org/10.1002/0471445428; Miller (2024), https://arxiv.org/abs/2411.00640 (error bars for
evaluations); Singh et al. (2025), https://arxiv.org/abs/2504.20879 (the best of many tries)
"""

import math
from statistics import NormalDist

import torch


def questions_needed(low: float, high: float, alarm: float = 0.05, power: float = 0.8) -> int:
    r"""Compute how many questions each of two models must answer, different ones for each.

    $n = (z_{1-\alpha/2} + z_{\beta})^2 \, \frac{p(1-p) + q(1-q)}{(p - q)^2}$

    Args:
        low: p, the share that the weaker model answers.
        high: q, that of the stronger one.
        alarm: alpha, how often equal models may look different.
        power: beta, how often the better one must be found out.

    Raises:
        ValueError: If the shares are not in order between 0 and 1.
    """
    if not 0 < low < high < 1:
        raise ValueError(f"wanted 0 < low < high < 1, got {low} and {high}")
    normal = NormalDist()
    reach = normal.inv_cdf(1 - alarm / 2) + normal.inv_cdf(power)
    return math.ceil(reach**2 * (low * (1 - low) + high * (1 - high)) / (high - low) ** 2)


def questions_needed_paired(gained: float, lost: float) -> int:
    r"""Compute the same for one exam that both take, alarm 5 % and power 80 %.

    $n = (z_{0.975} + z_{0.8})^2 \, \frac{g + l - (g - l)^2}{(g - l)^2}$: only questions count on
    which the two differ.

    Args:
        gained: g, the share of questions that only the better model answers.
        lost: l, the share that only the other one answers.
    """
    if not 0 <= lost < gained <= 1:
        raise ValueError(f"wanted 0 <= lost < gained <= 1, got {lost} and {gained}")
    reach = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    return math.ceil(reach**2 * (gained + lost - (gained - lost) ** 2) / (gained - lost) ** 2)


def found_out(low: float, high: float, questions: int, exams: int, seed: int) -> float:
    """Simulate exams: how often does a test at 5 % say that the better model is better?"""
    chance = torch.Generator().manual_seed(seed)
    size, shares = torch.full((exams,), float(questions)), []
    for share in (low, high):
        right = torch.binomial(size, torch.full((exams,), share), generator=chance)
        shares.append(right.double() / questions)
    p, q = shares
    error = ((p * (1 - p) + q * (1 - q)) / questions).sqrt()
    return float((q - p > NormalDist().inv_cdf(0.975) * error).double().mean())


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    needed = questions_needed(0.70, 0.72)
    paired = questions_needed_paired(0.06, 0.04)
    drawn = found_out(0.70, 0.72, needed, 20_000, seed=0)
    print(f"70 % against 72 %: {needed:,} questions for each; found out in {drawn:.1%} of exams")
    print(f"the same questions for both, 6 % won and 4 % lost: {paired:,}")
    sizes = (100, 200, 500, 1000, 2000, 5000, 10_000)
    powers = [found_out(0.70, 0.72, size, 20_000, seed=size) for size in sizes]
    at_200 = powers[1]
    margin = 1.96 * math.sqrt(0.7 * 0.3 / 200)
    print(f"with 200 questions: found out in {at_200:.1%}; 70 % means 70 % +- {100 * margin:.1f}")
    chance = torch.Generator().manual_seed(0)
    tries = torch.binomial(torch.full((20_000, 20), 500.0), torch.full((20_000, 20), 0.7),
                           generator=chance) / 500  # fmt: skip
    best_of_20 = float(tries.max(1).values.mean())
    print(f"the best of 20 equal models, 500 questions: {best_of_20:.1%} on average, truth 70 %")
    figure, ax = plt.subplots(figsize=(6.0, 2.9))
    ax.plot(sizes, [100 * power for power in powers], "o-")
    ax.axvline(needed, color="C1", linestyle=":")
    ax.text(needed * 0.9, 10, f"{needed:,}: 80 % by formula", ha="right")
    ax.set(xscale="log", title="How often is 72 % recognised as better than 70 %?",
           xlabel="questions", ylabel="percent of exams", ylim=(0, 100))  # fmt: skip
    plt.show()
