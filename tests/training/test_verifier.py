import pytest

from snippets.training.verifier import (
    DIRECT_SHOTS,
    WORKED_SHOTS,
    calculator_check,
    draw_triples,
    first_accepted,
    first_digits,
    last_number,
    lazy_check,
    majority,
)


@pytest.mark.parametrize("shots", [DIRECT_SHOTS, WORKED_SHOTS])
def test_the_examples_are_right(shots):
    for line in shots.splitlines():
        for part in line.split(":")[-1].split(","):
            left, right = part.split("=")
            assert sum(map(int, left.split("+"))) == int(right)


@pytest.mark.parametrize(
    ("text", "number"),
    [(" 3 + 4 = 7, 7 + 5 = 12\n9 = 1", 12), (" 18", 18), ("x = y", None), ("²", None)],
)
def test_the_result_is_what_stands_behind_the_last_equals_sign(text, number):
    assert last_number(text) == number


@pytest.mark.parametrize(("text", "number"), [("18\n", 18), ("7 +", 7), ("", None), ("a1", None)])
def test_digits_at_the_front(text, number):
    assert first_digits(text) == number


def test_the_lazy_one_accepts_every_right_answer_and_some_wrong_ones():
    triples = draw_triples(50, 1)
    assert all(lazy_check(t, sum(t)) and calculator_check(t, sum(t)) for t in triples)
    assert all(lazy_check(t, sum(t) + 2) and not calculator_check(t, sum(t) + 2) for t in triples)
    assert not any(check((2, 3, 4), None) for check in (lazy_check, calculator_check))


def test_choosing():
    assert first_accepted((7, 8, 9), [23, None, 24], calculator_check) == 24
    assert first_accepted((7, 8, 9), [23, None], calculator_check) == 23
    assert majority([5, None, 7, 7, None, None]) == 7
    assert majority([7, 5]) == 7
    assert majority([None]) is None


def test_nothing_to_choose_from_is_refused():
    with pytest.raises(ValueError, match="at least one answer to vote on"):
        majority([])
    with pytest.raises(ValueError, match="at least one answer to choose"):
        first_accepted((2, 2, 2), [], calculator_check)
