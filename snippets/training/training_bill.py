"""The bill of a training: 6 operations for each parameter and token, at what a card does and costs.

Sources: Kaplan et al. (2020), section 2.1, https://arxiv.org/abs/2001.08361 (6 N D); Chowdhery et
al. (2022), section 4.1, https://arxiv.org/abs/2204.02311 (utilisation)
"""

from snippets.training.facts_training_costs import (
    DEEPSEEK_R1_EXTRA_DOLLARS,
    DEEPSEEK_V3_TOLD_DOLLARS,
    LAMBDA_GPT_3_DOLLARS,
    LLAMA_405B_CARDS,
    PUBLISHED_TRAININGS,
    PublishedTraining,
)


def training_flops(parameters: float, tokens: float) -> float:
    """Estimate the operations of a training; of a mixture, count the parameters a token meets.

    Raises:
        ValueError: If a number is not above 0.
    """
    if not (parameters > 0 and tokens > 0):
        raise ValueError(f"wanted numbers above 0, got {parameters} parameters, {tokens} tokens")
    return 6 * parameters * tokens


def card_hours(flops: float, peak: float, utilisation: float) -> float:
    """Divide operations by what one card gets done, in hours.

    Args:
        flops: Operations in all.
        peak: FLOP/s of one card, as its maker says.
        utilisation: The share of the peak that is reached, above 0, at most 1.

    Raises:
        ValueError: If the utilisation is out of range or the peak not above 0.
    """
    if not (0 < utilisation <= 1 and peak > 0):
        raise ValueError(f"wanted 0 < utilisation <= 1, peak > 0, got {utilisation}, {peak}")
    return flops / (peak * utilisation) / 3600


def training_bill(training: PublishedTraining) -> dict[str, str | float]:
    """Fill in what was not published: hours from the utilisation, or the other way round."""
    flops = training_flops(training.active_parameters, training.tokens)
    if training.card_hours is None:
        share = training.utilisation
        hours = card_hours(flops, training.peak, share)
    else:
        hours = training.card_hours
        share = card_hours(flops, training.peak, 1.0) / hours
    return {
        "model": training.model,
        "flops": flops,
        "card": training.card,
        "hours": hours,
        "utilisation": share,
        "dollars": hours * training.dollars_per_hour,
        "millions": hours * training.dollars_per_hour / 1e6,
    }


if __name__ == "__main__":
    rows = [training_bill(training) for training in PUBLISHED_TRAININGS]
    for row in rows:
        print(f"{row['model']:15} {row['flops']:.2e} FLOP, {row['hours'] / 1e6:.2f} million "
              f"{row['card']} hours at {row['utilisation']:.0%}: "
              f"{row['millions']:.1f} million dollars")  # fmt: skip
    others = {"GPT-3": LAMBDA_GPT_3_DOLLARS / 1e6, "DeepSeek-V3": DEEPSEEK_V3_TOLD_DOLLARS / 1e6}
    print("as others reckoned, millions:", others)
    by = {row["model"]: row for row in rows}
    cards, price = LLAMA_405B_CARDS, PUBLISHED_TRAININGS[0].dollars_per_hour
    extra_thousands = DEEPSEEK_R1_EXTRA_DOLLARS / 1e3
    days = by["Llama 3.1 405B"]["hours"] / cards / 24
    one_card_years = {row["model"]: row["hours"] / 24 / 365.25 for row in rows}
    print(f"Llama 3.1 405B: {days:.0f} days if all {cards:,} cards ran all the time")
    text_terabytes = 15e12 * 4 / 1e12  # 15T tokens, some 4 bytes of English to each
    model_gigabytes = 2 * 8.03
    shrunk = text_terabytes * 1e3 / model_gigabytes
    print(f"Llama 3 8B: {text_terabytes:.0f} TB read, {model_gigabytes:.0f} GB of weights")
