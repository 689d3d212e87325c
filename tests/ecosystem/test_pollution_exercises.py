import math

import pytest

from sitebuild.book import Book


def test_answers_by_hand():
    values = Book().result("ecosystem.pollution_exercises")["values"]
    assert values["kinds_kept"] == pytest.approx(1 - 1 / 64 + 3 * (1 - (5 / 6) ** 6))
    assert math.exp(-values["half_after_100"] / 200) == pytest.approx(0.5, rel=0.02)
    assert values["half_after"] < values["half_after_100"] / 9
    assert values["true_share"] == pytest.approx(10 / 59.5)
    assert values["for_one_point"] == pytest.approx(7.849 * 0.1719 / 0.0001, rel=1e-3)
