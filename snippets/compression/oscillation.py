"""A weight that wants to stand between two labels: trained straight through, it never rests.

Source: Nagel et al. (2022), https://arxiv.org/abs/2203.11086 (oscillations in QAT)
"""

import torch

from snippets.compression.fake_quant import fake_quantize


def chase(target: float, start: float, rate: float, steps: int) -> tuple[list[float], list[float]]:
    """Train one hidden weight so that its rounded value comes close to a target.

    Args:
        target: Where the rounded weight should stand; labels are the whole numbers.
        start: Where the hidden weight begins.
        rate: How far a step goes, times the error.
        steps: How many steps, at least 1.

    Returns:
        The hidden and the rounded weight before each step.

    Raises:
        ValueError: If steps is below 1.
    """
    if steps < 1:
        raise ValueError(f"wanted at least 1 step, got {steps}")
    weight, one = torch.tensor(start, requires_grad=True), torch.tensor(1.0)
    hidden, shown = [], []
    for _ in range(steps):
        rounded = fake_quantize(weight, one, -7, 7)
        hidden.append(weight.item())
        shown.append(rounded.item())
        (slope,) = torch.autograd.grad((rounded - target).square() / 2, weight)
        weight = (weight - rate * slope).detach().requires_grad_()
    return hidden, shown


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    TARGET = 0.7
    hidden, shown = chase(TARGET, start=0.1, rate=0.07, steps=1000)
    flips = sum(a != b for a, b in zip(shown[100:], shown[101:], strict=False))
    share_up = round(100 * sum(shown[100:]) / len(shown[100:]))
    low, high = round(min(hidden[100:]), 2), round(max(hidden[100:]), 2)
    print(f"after the first 100 steps: {flips} flips in 900, at label 1 for {share_up} % of them")
    print(f"the hidden weight stays between {low:.2f} and {high:.2f}")
    figure, ax = plt.subplots(figsize=(6.4, 2.6))
    ax.step(range(60), shown[:60], where="post", color="#9aa5b1", label="rounded")
    ax.plot(hidden[:60], label="hidden")
    ax.axhline(TARGET, color="C1", linestyle=":", label="target")
    ax.legend(loc="center right")
    ax.set(title="A weight that cannot decide", xlabel="steps", ylabel="value")
    plt.show()
