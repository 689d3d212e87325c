"""What "billions of multiplications" really are: how many for one step, and what it changes.

Source: Kaplan et al. (2020), section 2.1, https://arxiv.org/abs/2001.08361 (6 N D)
"""

from snippets.basics.facts_training import (
    A100_FLOPS,
    GPT_3_RUN,
    HUMAN_TEXT_TOKENS,
    TRAINING_TEXTS,
    TrainingRun,
)


def multiplications_per_step(run: TrainingRun) -> float:
    """Count multiply-adds of one step: each token passes each parameter once forward, twice back.

    Raises:
        ValueError: If there is no token or no parameter.
    """
    if run.parameters <= 0 or run.tokens_per_step <= 0:
        raise ValueError(f"wanted parameters and tokens above 0, got {run}")
    return 3 * run.parameters * run.tokens_per_step


if __name__ == "__main__":
    steps = GPT_3_RUN.tokens / GPT_3_RUN.tokens_per_step
    each = multiplications_per_step(GPT_3_RUN)
    per_change = each / GPT_3_RUN.parameters
    per_second = A100_FLOPS / 2  # one multiply-add is two operations
    days = each * steps / per_second / 86_400 / 1000
    print(
        f"{steps:,.0f} steps of {each:.2g} multiply-adds; one card does {per_second:.2g} a second"
    )
    print(f"a parameter is multiplied {per_change:,.0f} times, then moves once")
    print(f"all of it, on 1,000 such cards that never wait: {days:.0f} days")
    rows = [
        {"model": t.model, "year": t.year, "trillions": t.tokens / 1e12} for t in TRAINING_TEXTS
    ]
    growth = round(TRAINING_TEXTS[-1].tokens / TRAINING_TEXTS[0].tokens)
    share = TRAINING_TEXTS[-1].tokens / HUMAN_TEXT_TOKENS
    ends = f"from {rows[0]['model']} to {rows[-1]['model']}"
    print(f"{ends}: {growth} times the text, now as much as {share:.0%} of people's")
