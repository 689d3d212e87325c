from snippets.training.facts_calculator import (
    NEW_OTHER_QUESTIONS,
    NEW_PHRASINGS,
    OTHER_QUESTIONS,
    PHRASINGS,
)


def test_nothing_that_is_examined_was_trained_on():
    assert not set(PHRASINGS) & set(NEW_PHRASINGS)
    assert not {question for question, _ in OTHER_QUESTIONS} & set(NEW_OTHER_QUESTIONS)


def test_every_phrasing_has_room_for_a_sum():
    for phrasing in PHRASINGS + NEW_PHRASINGS:
        assert phrasing.format(a=1, sign="plus", b=2).count("1 plus 2") == 1
