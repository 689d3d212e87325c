import random

import pytest

from snippets.basics.agent_tools import SHELF, calculate, search_for
from snippets.retrieval.bm25 import BM25


def test_agrees_with_python_on_random_sums():
    draw = random.Random(0)
    for _ in range(200):
        a, b, c = (draw.randint(1, 99) for _ in range(3))
        one, two = (draw.choice(["+", "-", "*", "/", "//", "%"]) for _ in range(2))
        text = f"({a} {one} {b}) {two} -{c}"
        assert float(calculate(text)) == pytest.approx(eval(text), rel=1e-9)


@pytest.mark.parametrize(
    "trick",
    [
        "__import__('os')",
        "open('x')",
        "(1).real",
        "[1][0]",
        "x",
        "'a' * 9",
        "1 if 1 else 2",
        "True",
    ],
)
def test_nothing_but_sums_is_worked_out(trick):
    with pytest.raises(ValueError, match="wanted numbers and"):
        calculate(trick)


@pytest.mark.parametrize("trick", ["9 ** 9 ** 9", "2 ** 100000", "1 / 0", "", "1 +", "(" * 300])
def test_what_cannot_be_worked_out_is_refused(trick):
    with pytest.raises(ValueError, match="wanted powers|cannot work out"):
        calculate(trick)


def test_agrees_with_bm25_and_says_when_there_is_nothing():
    scores = BM25(list(SHELF)).scores("how high is the Eiffel Tower")
    assert search_for("how high is the Eiffel Tower") == SHELF[int(scores.argmax())]
    assert search_for("volcano") == "nothing found"
    assert search_for("violin", ()) == "nothing found"
