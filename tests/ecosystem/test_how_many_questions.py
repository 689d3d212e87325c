import pytest

from sitebuild.book import Book
from snippets.ecosystem.how_many_questions import (
    found_out,
    questions_needed,
    questions_needed_paired,
)


def test_by_hand():
    """(1.96 + 0.84)^2 = 7.849; 0.7 * 0.3 + 0.72 * 0.28 = 0.4116; 0.02^2 = 0.0004."""
    assert questions_needed(0.7, 0.72) == pytest.approx(7.849 * 0.4116 / 0.0004, rel=1e-3)
    assert questions_needed_paired(0.06, 0.04) == pytest.approx(
        7.849 * (0.1 - 0.0004) / 0.0004, rel=1e-3
    )


@pytest.mark.parametrize(("low", "high"), [(0.7, 0.72), (0.5, 0.6), (0.3, 0.35)])
def test_simulated_exams_agree_with_the_formula(low, high):
    questions = questions_needed(low, high)
    assert found_out(low, high, questions, 10_000, seed=3) == pytest.approx(0.8, abs=0.02)


def test_equal_models_look_different_at_the_agreed_rate():
    assert found_out(0.7, 0.7, 1000, 20_000, seed=5) == pytest.approx(0.025, abs=0.005)


def test_half_the_gap_takes_four_times_the_questions():
    assert questions_needed(0.49, 0.51) == pytest.approx(4 * questions_needed(0.48, 0.52), rel=0.01)


def test_page_says_two_points_need_thousands():
    values = Book().result("ecosystem.how_many_questions")["values"]
    assert values["drawn"] == pytest.approx(0.8, abs=0.02)
    assert values["paired"] < values["needed"] / 4
    assert values["at_200"] < 0.1
    assert values["best_of_20"] > 0.72


@pytest.mark.parametrize("pair", [(0.7, 0.7), (0.72, 0.7), (0, 0.5), (0.5, 1)])
def test_nonsense_is_refused(pair):
    with pytest.raises(ValueError, match="0 < low < high < 1"):
        questions_needed(*pair)


def test_nonsense_pairs_are_refused():
    with pytest.raises(ValueError, match="0 <= lost < gained <= 1"):
        questions_needed_paired(0.04, 0.06)
