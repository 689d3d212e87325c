import pytest

from sitebuild.book import Book


def values():
    return Book().result("inference.roofline_exercises")["values"]


def test_answers_by_hand():
    told = values()
    assert told["invented"] == 1000 / 4
    assert told["invented_tokens"] == 1000 / 4 / 2
    assert told["alone"] == pytest.approx(3.35e12 / 16.06e9)
    assert told["company"] == pytest.approx(200 * told["alone"])
    assert told["crowd"] == pytest.approx(989.4e12 / 16.06e9)
    assert told["shared_notes"] == 4 * 2


def test_page_says_a_thousand_are_not_five_times_two_hundred():
    told = values()
    assert told["crowd"] < 1.6 * told["company"]
    assert told["peak_percent"] < 3
