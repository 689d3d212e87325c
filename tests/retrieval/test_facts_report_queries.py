import pytest

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS


def test_no_question_serves_both_halves():
    both = [{known.question for known in half} for half in (TUNING_QUESTIONS, REPORT_QUESTIONS)]
    assert [len(half) for half in both] == [30, 30]
    assert not both[0] & both[1]


def test_no_question_by_hand_names_its_answer():
    """Else it would be a known item. Short words such as "pad" or "max" are words of English."""
    for known in (*TUNING_QUESTIONS, *REPORT_QUESTIONS):
        for name in known.names.split():
            last = name.rsplit(".", 1)[-1]
            assert len(last) < 6 or last.lower() not in known.question.lower().split(), known


def test_answers_are_entries():
    names = {entry.name for entry in docstring_corpus()}
    assert {name for known in REPORT_QUESTIONS for name in known.names.split()} <= names


def test_the_half_cannot_be_changed():
    with pytest.raises(TypeError):
        REPORT_QUESTIONS[0] = TUNING_QUESTIONS[0]
