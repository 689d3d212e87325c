import pytest

from sitebuild.book import Book
from snippets.inference.units import Measured


@pytest.mark.parametrize(
    ("above", "below", "unit"),
    [
        ({"flop": 1}, {"flop": 1, "second": -1}, "s"),
        ({"byte": 1}, {"byte": 1, "second": -1}, "s"),
        ({"flop": 1, "second": -1}, {"byte": 1, "second": -1}, "FLOP/byte"),
        ({"flop": 1}, {"byte": 1}, "FLOP/byte"),
        ({"flop": 1}, {"flop": 1}, "1"),
        ({"flop": 1}, {"second": 1}, "FLOP/s"),
        ({"byte": 2}, {}, "byte*byte"),
        ({}, {"second": 2}, "1/s/s"),
    ],
)
def test_units_cancel_when_divided(above, below, unit):
    quotient = Measured(14, **above) / Measured(7, **below)
    assert (quotient.number, quotient.unit) == (2, unit)


def test_the_same_unit_adds_up():
    assert Measured(2, flop=1) + Measured(3, flop=1) == Measured(5, flop=1)


def test_a_count_and_a_rate_do_not():
    with pytest.raises(ValueError, match=r"wanted FLOP \+ FLOP, got FLOP \+ FLOP/s"):
        _ = Measured(2, flop=1) + Measured(3, flop=1, second=-1)


def test_page_says_the_example_takes_microseconds_to_compute_and_milliseconds_to_load():
    values = Book().result("inference.units")["values"]
    assert values["compute_us"] == pytest.approx(55.06, abs=0.01)
    assert values["load_ms"] == pytest.approx(11.453, abs=0.001)
    assert 1e3 * values["load_ms"] / values["compute_us"] == pytest.approx(208)
