import pytest

from sitebuild.book import Book
from snippets.retrieval.facts_defaults import DEFAULT_QUESTIONS
from snippets.retrieval.rag import cite, is_right, open_book_prompt


def test_the_prompt_holds_all_that_the_model_will_see():
    system, user = open_book_prompt("Why?", ["because", "therefore"])
    assert (system["role"], user["role"]) == ("system", "user")
    assert user["content"] == "[1] because\n[2] therefore\n\nWhy?"


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("It is 0.1.", True),
        ("It is 0.1", True),
        ("0.1 by default", True),
        ("It is 0.15.", False),
        ("It is 10.1.", False),
        ("It is -0.1.", False),
        ("It is 0.1e3", False),
        ("It is 0.", False),
    ],
)
def test_only_the_number_itself_is_right(answer, right):
    assert is_right(answer, ("0.1",)) == right


def test_the_number_of_a_passage_is_no_answer():
    assert not is_right("I do not know. [1]", ("1.0", "1"))
    assert is_right("It is 1. [2]", ("1.0", "1"))


def test_any_accepted_spelling_will_do():
    assert is_right("The mode is 'full'.", ("complete", "full"))
    assert is_right("1e-2", ("1e-2", "0.01"))


def test_a_citation_names_the_passage_that_was_used():
    passages = ["The owl sleeps by day.", "The code is 4711.", "Tea is hot."]
    assert cite("It sleeps by day", passages) == 1
    assert cite("The code is 4711", passages) == 2


def test_page_says_the_open_book_helps_and_the_model_does_not_cite_by_itself():
    values = Book().result("retrieval.rag")["values"]
    assert values["total"] == len(DEFAULT_QUESTIONS) >= 20
    assert values["counts"]["closed"] <= 2
    assert values["counts"]["open"] >= values["total"] / 2
    assert values["own_marks"] <= 2
    assert 0.6 * values["total"] <= values["evidence_shown"] < values["total"]
    assert values["right_if_shown"] >= 0.6 * values["evidence_shown"]
    assert values["counts"]["open"] > values["right_if_shown"]  # some without the right passage
    assert values["well_cited"] >= 0.6 * values["counts"]["open"]
    assert values["well_cited"] > values["first_cited"]
