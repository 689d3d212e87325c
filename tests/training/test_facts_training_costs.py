import pytest

from snippets.training.facts_training_costs import (
    BYTE_ROADS,
    DEEPSEEK_R1_EXTRA_DOLLARS,
    DEEPSEEK_V3_TOLD_DOLLARS,
    DEEPSEEK_V3_TRAINING,
    OPENAI_2024_ESTIMATE,
    PUBLISHED_TRAININGS,
)


def test_hours_or_utilisation_are_told_and_everything_has_a_source():
    for training in PUBLISHED_TRAININGS:
        assert (training.card_hours is None) != (training.utilisation is None)
        assert "https://" in training.source
        assert training.seen.startswith("2026")


def test_the_authors_price_is_hours_times_two_dollars():
    t = DEEPSEEK_V3_TRAINING
    assert t.card_hours * t.dollars_per_hour == pytest.approx(DEEPSEEK_V3_TOLD_DOLLARS)
    assert DEEPSEEK_R1_EXTRA_DOLLARS < 0.06 * DEEPSEEK_V3_TOLD_DOLLARS


def test_a_slot_carries_63_gigabytes_a_second():
    assert BYTE_ROADS[1].bandwidth == pytest.approx(63.0e9, rel=1e-3)


def test_page_says_final_trainings_are_the_smallest_part():
    final, *others = [part.dollars for part in OPENAI_2024_ESTIMATE]
    assert final + sum(others) == 7e9
    assert final < 0.1 * (final + sum(others))
    assert others[1] == 4 * final  # inference
