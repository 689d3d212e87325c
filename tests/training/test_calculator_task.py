import random
import re

import pytest

from snippets.training.calculator_task import draw_lesson, draw_sums, use_calculator
from snippets.training.facts_calculator import (
    NEW_PHRASINGS,
    OTHER_QUESTIONS,
    PHRASINGS,
)


def test_every_call_is_the_sum_that_was_asked_for():
    words = {"plus": "+", "minus": "-", "times": "*"}
    for question, call in draw_sums(PHRASINGS + NEW_PHRASINGS, 200, random.Random(0)):
        number, sign = r"\d+", next(word for word in words if word in question)
        a, b = re.findall(number, question)
        assert call == f"CALC({a}{words[sign]}{b})"
        assert use_calculator(call) == str(eval(f"{a}{words[sign]}{b}"))


def test_the_share_of_other_questions_is_as_asked():
    others = dict(OTHER_QUESTIONS)
    assert not [q for q, _ in draw_lesson(400, 0.0, 3) if q in others]
    found = sum(q in others for q, _ in draw_lesson(400, 0.25, 3))
    assert 70 < found < 130
    assert draw_lesson(9, 0.25, 3) == draw_lesson(9, 0.25, 3) != draw_lesson(9, 0.25, 4)


@pytest.mark.parametrize("text", ["Rome", "CALC(Italy)", "CALC(1+)", "CALC(2+3) or so", "CALC()"])
def test_what_is_no_sum_comes_back_as_it_is(text):
    assert use_calculator(text) == text


def test_a_share_that_is_none_is_refused():
    with pytest.raises(ValueError, match="a share from 0 to 1, got 2"):
        draw_lesson(3, 2, 0)
