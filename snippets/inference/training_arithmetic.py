"""Days and dollars of a training: 6 operations for each weight and token, over what cards get done.

Sources: Kaplan et al. (2020), section 2.1, https://arxiv.org/abs/2001.08361 (6 N D); Chowdhery et
al. (2022), section 4.1, https://arxiv.org/abs/2204.02311 (the share of the peak that is reached)
"""

from snippets.inference.facts_devices import ACCELERATORS, Accelerator
from snippets.inference.facts_pretraining import (
    GPT_2_HOURS,
    LLAMA_405B_PACE,
    LLAMA_HOURS,
    PUBLISHED_PACES,
)

SECONDS_A_DAY = 86_400
BILLED = (GPT_2_HOURS, *LLAMA_HOURS)
MODELS_TO_TRAIN = {"GPT-3": 175e9} | {run.model: run.parameters for run in BILLED}


def training_card(name: str) -> Accelerator:
    """Find an accelerator by its name.

    Raises:
        ValueError: If none is called so.
    """
    known = {card.name: card for card in ACCELERATORS}
    if name not in known:
        raise ValueError(f"wanted one of {', '.join(known)}, got {name!r}")
    return known[name]


def training_days(
    parameters: float, tokens: float, cards: float, reached: float, passes: float = 6
) -> float:
    """Divide the work of a training by what the cards get done.

    Args:
        parameters: Weights that a token meets.
        tokens: Tokens read, repetitions counted.
        cards: How many work at it.
        reached: FLOP/s that one card really does, its peak times the share that is reached.
        passes: FLOPs for each weight and token: 2 forwards, 4 backwards, 2 more if the way
            forward is done twice to save memory.

    Raises:
        ValueError: If a number is not above 0.
    """
    given = {"parameters": parameters, "tokens": tokens, "cards": cards, "reached": reached}
    for name, value in (given | {"passes": passes}).items():
        if not value > 0:
            raise ValueError(f"wanted {name} above 0, got {value}")
    return passes * parameters * tokens / (cards * reached) / SECONDS_A_DAY


def plan_training(
    model: str, tokens: float, card: str, cards: int, mfu: float, dollars_per_hour: float
) -> dict[str, float]:
    """Say what a training of a known model on known cards takes.

    Args:
        model: A name in MODELS_TO_TRAIN.
        tokens: Tokens read.
        card: A name of an accelerator.
        cards: How many.
        mfu: Model FLOPs utilisation, the share of the peak that is reached, above 0, at most 1.
        dollars_per_hour: What one card costs.

    Returns:
        FLOPs, days, card hours and dollars.

    Raises:
        ValueError: If a name is not known or a number cannot be.
    """
    if model not in MODELS_TO_TRAIN:
        raise ValueError(f"wanted one of {', '.join(MODELS_TO_TRAIN)}, got {model!r}")
    if not (0 < mfu <= 1 and dollars_per_hour >= 0):
        raise ValueError(f"wanted 0 < mfu <= 1, dollars >= 0, got {mfu}, {dollars_per_hour}")
    size, peak = MODELS_TO_TRAIN[model], training_card(card).flops
    days = training_days(size, tokens, cards, peak * mfu)
    hours = 24 * days * cards
    return {"flops": 6 * size * tokens, "days": days, "hours": hours,
            "dollars": hours * dollars_per_hour}  # fmt: skip


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    paces = []
    for p in PUBLISHED_PACES:
        days = training_days(p.parameters, p.tokens, p.cards, p.reached, p.passes)
        share = p.reached / training_card(p.card).flops
        paces.append({"model": p.model, "cards": p.cards, "passes": p.passes, "share": share,
                      "mfu": share * 6 / p.passes, "days": days, "told": p.told_days})  # fmt: skip
        print(f"{p.model}: {p.cards:,} {p.card}, {share:.0%} of the peak: {days:.1f} days")
    billed = []
    for run in BILLED:
        peak = training_card(run.card).flops
        ideal = 24 * training_days(run.parameters, run.tokens, 1, peak)
        billed.append({"model": run.model, "tokens": run.tokens / 1e9, "card": run.card,
                       "ideal": ideal, "hours": run.hours, "share": ideal / run.hours,
                       "dollars": 2 * run.hours})  # fmt: skip
        print(f"{run.model}: {run.hours:,.0f} {run.card} hours told, "
              f"{ideal / run.hours:.0%} of the peak over all of them")  # fmt: skip
    alone = plan_training("Llama 3.1 8B", 15e12, "H100 SXM", 1, 0.4, 2.0)
    alone_years = alone["days"] / 365.25
    by_thumb = plan_training("Llama 3.1 70B", 20 * 70.6e9, "H100 SXM", 1_024, 0.4, 2.0)
    print(f"Llama 3.1 8B on one H100, at 40 %: {alone_years:.0f} years")
    own_counts = {
        "GPT-3": training_days(175e9, 300e9, 1, 1e15),
        "Llama 3.1 405B": 6 * LLAMA_405B_PACE.parameters * LLAMA_405B_PACE.tokens,
    }
    print(f"GPT-3: {own_counts['GPT-3']:,.0f} days at 1e15 FLOP/s; "
          f"Llama 3.1 405B: {own_counts['Llama 3.1 405B']:.2e} FLOP")  # fmt: skip
    largest = billed[-1]
    while_running = largest["ideal"] / paces[1]["share"]
    billed_days = largest["hours"] / LLAMA_405B_PACE.cards / 24

    figure, ax = plt.subplots(figsize=(6.4, 2.2))
    names = ("as told", f"at {paces[1]['share']:.0%} of the peak", "at the peak")
    bills = [bill / 1e6 for bill in (largest["hours"], while_running, largest["ideal"])]
    ax.barh(names, bills, color=["C1", "C0", "C0"])
    ax.set(title="Llama 3.1 405B, three bills", xlabel="million card hours")
    plt.show()
