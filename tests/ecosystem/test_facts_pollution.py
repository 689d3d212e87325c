from datetime import date

import pytest

from snippets.ecosystem.facts_pollution import LLAMA_ANNOUNCED, MODEL_COUNTS, NEW_IDEAS, WORN_EXAMS


@pytest.mark.parametrize("fact", [*MODEL_COUNTS, *WORN_EXAMS, *NEW_IDEAS])
def test_every_fact_has_source_and_date(fact):
    assert fact.source
    assert date.fromisoformat(fact.seen) <= date(2026, 11, 28)


def test_confidence_is_told():
    assert {count.confidence for count in MODEL_COUNTS} <= {"high", "medium", "low"}


def test_page_says_derivatives_are_not_millions():
    counts = {count.what: count.count for count in MODEL_COUNTS}
    assert counts["derivatives of Llama"] < 100_000
    assert date(2023, 2, 24) == LLAMA_ANNOUNCED


def test_ideas_stand_in_order():
    days = [idea.day for idea in NEW_IDEAS]
    assert days == sorted(days)
    assert days[0].year == 2024
