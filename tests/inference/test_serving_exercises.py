import pytest

from sitebuild.book import Book


def test_answers_by_hand():
    values = Book().result("inference.serving_exercises")["values"]
    assert (values["continuous"], values["static"]) == (1 + 4, 5 + 4)
    assert values["four"] == pytest.approx(1 + 0.8 + 0.64 + 0.512 + 0.4096)
    assert 4.9 < values["many"] < 5
    assert values["rate"] == pytest.approx(3.35e12 / (2 * 8.03e9))
    assert values["rate_4_bit"] == pytest.approx(3.35e12 / (8.03e9 * 4.5 / 8))
