import pytest
import torch

from sitebuild.book import Book
from snippets.training.validation import expected_best, toss_exams


def test_one_student_expects_half():
    assert expected_best(1, 50) == pytest.approx(0.5)


def test_two_students_and_one_question_by_hand():
    assert expected_best(2, 1) == pytest.approx(0.75)  # only if both are wrong is the best wrong


def test_agrees_with_tossing():
    chance = torch.Generator().manual_seed(7)
    best = torch.stack([toss_exams(20, 11, chance).max() for _ in range(2_000)])
    assert float(best.mean()) == pytest.approx(expected_best(20, 11), abs=0.01)


def test_no_student_is_refused():
    with pytest.raises(ValueError, match="1 question or more, got 0, 5"):
        toss_exams(0, 5, torch.Generator())


def test_page_says_the_chosen_one_looks_good_once():
    values = Book().result("training.validation")["values"]
    assert values["told"]["validation"] == values["exact"] >= 0.65
    assert values["told"]["test"] == 0.5
