import re
from datetime import date, timedelta

from snippets.basics.facts_history import MILESTONES


def test_every_date_has_a_source_and_lies_in_the_past():
    for milestone in MILESTONES:
        assert milestone.source.startswith("https://")
        assert date(2017, 1, 1) < milestone.day < milestone.seen
        assert milestone.kind in ("paper", "model", "product")


def test_agrees_with_the_numbers_that_arxiv_gives():
    """The number of a paper holds its year and month; new ones appear within a day or so."""
    checked = 0
    for milestone in MILESTONES:
        if found := re.search(r"arxiv\.org/abs/(\d\d)(\d\d)\.", milestone.source):
            month = (2000 + int(found[1]), int(found[2]))
            days = [milestone.day + timedelta(n) for n in (-3, 0, 3)]
            assert month in [(day.year, day.month) for day in days], milestone.name
            checked += 1
    assert checked > 6
