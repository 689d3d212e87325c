"""When using a model has cost as much work as training it: after three times the tokens it read.

Source: Sardana et al. (2024), section 2, https://arxiv.org/abs/2401.00448 (6 N D for training,
2 N for each token served)
"""

from snippets.training.facts_training_costs import PUBLISHED_TRAININGS
from snippets.training.training_bill import training_flops


def serving_flops(parameters: float, tokens: float) -> float:
    """Estimate the operations of reading and writing so many tokens; attention not counted."""
    return training_flops(parameters, tokens) / 3


def tokens_until_even(parameters: float, trained_on: float, epsilon: float = 1e-6) -> float:
    """Find the number of served tokens that cost as much as the training, by bisection.

    Args:
        parameters: That each token meets.
        trained_on: Tokens of the training.
        epsilon: How exact, as a share.

    Raises:
        ValueError: If a number is not above 0.
    """
    spent, low, high = training_flops(parameters, trained_on), 0.0, trained_on
    while serving_flops(parameters, high) < spent:
        low, high = high, 2 * high
    while high - low > epsilon * high:
        middle = (low + high) / 2
        low, high = (middle, high) if serving_flops(parameters, middle) < spent else (low, middle)
    return high


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    users, tokens_a_day = 10e6, 5_000  # people, and what each reads and writes; an assumption
    rows = []
    for training in PUBLISHED_TRAININGS:
        even = tokens_until_even(training.active_parameters, training.tokens)
        row = {"model": training.model, "trained": training.tokens / 1e12, "even": even / 1e12}
        row |= {"times": round(even / training.tokens, 3), "days": even / (users * tokens_a_day)}
        rows.append(row)
        print(f"{row['model']:15} even after {row['even']:.1f} trillion tokens, "
              f"{row['days']:,.0f} days of 10 million users")  # fmt: skip

    training = PUBLISHED_TRAININGS[0]
    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    days = [0, 60]
    spent = training_flops(training.active_parameters, training.tokens)
    served = [d * users * tokens_a_day for d in days]
    ax.plot(days, [spent / 1e23] * 2)
    ax.plot(days, [2 * training.active_parameters * s / 1e23 for s in served])
    ax.plot(rows[0]["days"], spent / 1e23, "o", color="C3")
    ax.text(59, spent / 1e23 + 0.15, "training, paid once", ha="right")
    ax.text(26, 5.2, "use, paid every day", ha="right")
    ax.set(title="A model of GPT-3's size, 10 million users", xlabel="days in service")
    ax.set(ylabel="operations, 1e23", ylim=(0, 7))
    plt.show()
