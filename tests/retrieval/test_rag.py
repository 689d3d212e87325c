import pytest

from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.retrieval.docstrings import DocEntry
from snippets.retrieval.facts_defaults import DEFAULT_QUESTIONS
from snippets.retrieval.rag import answer_all, best_passages, cite, is_right, open_book_prompt

GARDEN = [
    DocEntry("rose", "Roses need sun. " + "They are pruned in March. " * 20),
    DocEntry("fern", "Ferns need shade. " + "They are watered daily. " * 20),
]


def test_the_best_passage_shares_most_with_the_question():
    passages = best_passages("Which plants need shade?", GARDEN, size=12, overlap=3)
    assert len(passages) == 2
    assert passages[0].startswith("fern: Ferns need shade.")
    assert all(len(passage.split()) <= 12 + 1 for passage in passages)


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


def test_any_accepted_spelling_will_do():
    assert is_right("The mode is 'full'.", ("complete", "full"))
    assert is_right("1e-2", ("1e-2", "0.01"))


def test_a_citation_names_the_passage_that_was_used():
    passages = ["The owl sleeps by day.", "The code is 4711.", "Tea is hot."]
    assert cite("It sleeps by day", passages) == 1
    assert cite("The code is 4711", passages) == 2


def test_answers_come_back_in_order_and_do_not_depend_on_company():
    model, tokenizer = load()
    questions = ("What is the capital of France?", "Hi", "What is the colour of grass, usually?")
    chats = [[{"role": "user", "content": question}] for question in questions]
    together = answer_all(model, tokenizer, chats, new=8)
    assert together == [answer_all(model, tokenizer, [chat], new=8)[0] for chat in chats]
    assert "Paris" in together[0]


def test_page_says_the_open_book_helps_and_the_model_does_not_cite_by_itself():
    values = Book().result("retrieval.rag")["values"]
    assert values["total"] == len(DEFAULT_QUESTIONS) >= 20
    assert values["counts"]["closed"] <= 2
    assert values["counts"]["open"] >= values["total"] / 2
    assert values["own_marks"] <= 2
    assert values["evidence_shown"] >= 0.7 * values["total"]
    assert values["right_if_shown"] >= 0.6 * values["evidence_shown"]
    assert values["well_cited"] >= 0.7 * values["counts"]["open"]


def test_nothing_to_read_is_refused():
    with pytest.raises(ValueError, match="at least one entry to read, got none"):
        best_passages("Why?", [])
