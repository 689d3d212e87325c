import hashlib
from dataclasses import FrozenInstanceError

import pytest

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS

WRITTEN = [q for pair in zip(TUNING_QUESTIONS, REPORT_QUESTIONS, strict=True) for q in pair]


def test_the_questions_are_as_frozen_before_the_first_run():
    text = "\n".join(f"{known.question} | {known.names}" for known in WRITTEN)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "98eb89ad42b2f7a1"


def test_every_answer_is_an_entry_and_names_come_once():
    names = {entry.name for entry in docstring_corpus()}
    for known in WRITTEN:
        answers = known.names.split()
        assert answers
        assert len(set(answers)) == len(answers)
        assert set(answers) <= names, known.question


def test_there_are_sixty_different_questions():
    assert len({known.question for known in WRITTEN}) == 60


def test_a_question_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        TUNING_QUESTIONS[0].names = "numpy.sum"
