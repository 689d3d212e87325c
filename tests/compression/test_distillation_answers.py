import math

import pytest

from sitebuild.book import Book


def values():
    return Book().result("compression.distillation_answers")["values"]


def test_page_says_what_becomes_of_two_scores():
    assert values()["plain"] == pytest.approx(1 / (1 + math.exp(-2)), abs=6e-4)
    p = 1 / (1 + math.exp(-1))
    assert values()["soft"] == pytest.approx(p, abs=6e-4)
    loss = 4 * (p * math.log(2 * p) + (1 - p) * math.log(2 * (1 - p)))
    assert values()["loss"] == pytest.approx(loss, abs=6e-4)


def test_page_says_forward_punishes_what_is_left_out():
    assert values()["forward"] > 3 * values()["reverse"]
    assert values()["forward"] == pytest.approx(0.5 * math.log(0.25 / (0.999 * 0.001)), abs=6e-3)
    assert values()["reverse"] < math.log(2) + 0.005


def test_page_says_bits_buy_parameters():
    assert values()["billions"] == {"16": 1.0, "4.5": 3.6, "2.25": 7.1}
