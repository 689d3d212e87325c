"""Put dates into order and draw them.

Source: each date has its own, in facts_history.py
"""

from collections.abc import Sequence
from datetime import date

from snippets.basics.facts_history import MILESTONES, Milestone


def in_order_of_time(milestones: Sequence[Milestone]) -> list[Milestone]:
    """Sort by day.

    Raises:
        ValueError: If a name occurs twice: then one of the dates is wrong.
    """
    names = [milestone.name for milestone in milestones]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"wanted one date for each name, got several for {twice}")
    return sorted(milestones, key=lambda milestone: milestone.day)


def years_between(first: date, last: date) -> float:
    """Count years of 365.25 days."""
    return (last - first).days / 365.25


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    ordered = in_order_of_time(MILESTONES)
    rows = [{"day": f"{m.day:%Y-%m-%d}", "what": m.name, "kind": m.kind} for m in ordered]
    days = {milestone.name: milestone.day for milestone in ordered}
    waited = round(years_between(days["GPT-3"], days["ChatGPT"]), 1)
    week_apart = (days["Bard"] - days["Claude"]).days
    print(f"from GPT-3 to ChatGPT: {waited} years; from Claude to Bard: {week_apart} days")

    figure, ax = plt.subplots(figsize=(6.4, 4.6))
    kinds = ("paper", "model", "product")
    for place, milestone in enumerate(ordered):
        year = years_between(date(2017, 1, 1), milestone.day) + 2017
        ax.plot(year, -place, "o", color=f"C{kinds.index(milestone.kind)}")
        ax.annotate(milestone.name, (year, -place), (6, 0), textcoords="offset points", va="center")
    for number, kind in enumerate(kinds):
        ax.plot([], [], "o", color=f"C{number}", label=kind)
    ax.legend(loc="lower left")
    ax.set(title="Eight years", xlabel="year", xlim=(2017, 2027.4), yticks=[])
    plt.show()
