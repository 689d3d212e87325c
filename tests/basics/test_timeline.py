from datetime import date

import pytest

from snippets.basics.facts_history import MILESTONES, Milestone
from snippets.basics.timeline import in_order_of_time, years_between

DAY = date(2020, 5, 28)


def test_nothing_is_lost_and_no_day_comes_before_the_one_above_it():
    ordered = in_order_of_time(MILESTONES)
    assert set(ordered) == set(MILESTONES)
    assert all(a.day <= b.day for a, b in zip(ordered, ordered[1:], strict=False))


def test_page_says_which_came_first():
    days = {milestone.name: milestone.day for milestone in MILESTONES}
    assert days["GPT-3"] < days['"foundation model"'] < days["ChatGPT"]
    assert days["ChatGPT"] < days["Claude"] < days["Bard"] < days["Gemini"]
    assert days["Gemini"] < days["Bard renamed Gemini"]
    assert all(day.year != 2021 for name, day in days.items() if "foundation" not in name)


def test_four_years_are_four_years():
    assert years_between(DAY, date(2024, 5, 28)) == pytest.approx(4)


def test_two_dates_for_one_name_are_refused():
    twice = [
        Milestone(DAY, "GPT-3", "model", ""),
        Milestone(date(2021, 1, 1), "GPT-3", "model", ""),
    ]
    with pytest.raises(ValueError, match="several for .'GPT-3'."):
        in_order_of_time(twice)
