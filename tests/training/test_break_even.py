import pytest

from sitebuild.book import Book
from snippets.training.break_even import serving_flops, tokens_until_even
from snippets.training.training_bill import training_flops


@pytest.mark.parametrize("parameters", [7e9, 405e9])
def test_three_times_the_training_whatever_the_size(parameters):
    assert tokens_until_even(parameters, 15e12) == pytest.approx(45e12, rel=1e-5)


def test_at_that_point_both_bills_are_the_same():
    even = tokens_until_even(7e9, 1e12)
    assert serving_flops(7e9, even) == pytest.approx(training_flops(7e9, 1e12), rel=1e-5)


def test_no_training_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        tokens_until_even(7e9, 0)


def test_page_says_days_to_years():
    rows = Book().result("training.break_even")["values"]["rows"]
    assert all(row["times"] == 3 for row in rows)
    assert rows[0]["days"] == pytest.approx(18, rel=0.01)
    assert rows[-1]["days"] > 2 * 365
