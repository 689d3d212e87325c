import pytest
import torch

from sitebuild.book import Book
from snippets.basics.capitals_quiz import Answer, find_pages
from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.basics.hallucination import (
    OTHER_PAGES,
    ask_capitals,
    lowest_bar,
    share_wrong,
    write_and_weigh,
)
from snippets.model.left_padding import write_batch
from snippets.model.smollm2 import load


@pytest.fixture(scope="module")
def real():
    return load()


def told():
    """What the build measured."""
    return Book().result("basics.hallucination")["values"]


def test_agrees_with_write_batch_and_with_reading_again(real):
    model, tokenizer = real
    texts = ["The capital of France is", "The capital of Burkina Faso is"]
    prompts = [tokenizer.encode(text) for text in texts]
    weighed = write_and_weigh(model, prompts, 5, tokenizer.eos_id)
    assert [row for row, _ in weighed] == write_batch(model, prompts, 5, tokenizer.eos_id)
    for prompt, (row, confidence) in zip(prompts, weighed, strict=True):
        ids = torch.tensor([prompt + row])
        with torch.no_grad():
            chances = model(ids[:, :-1])[0, len(prompt) - 1 :].log_softmax(-1)
        again = chances.gather(1, torch.tensor(row)[:, None]).mean().item()
        assert confidence == pytest.approx(again, abs=2e-3)


def test_a_page_is_put_before_the_question(real):
    fiji = Capital("Fiji", "Suva", "Nadi")
    alone = ask_capitals(*real, [fiji])[0]
    told = ask_capitals(*real, [fiji], ["The capital of Fiji is Suva."])[0]
    assert (alone.right, told.right) == (False, True)
    assert told.text.startswith("Suva")


def test_no_question_is_refused(real):
    with pytest.raises(ValueError, match="at least one country to ask about, got none"):
        ask_capitals(*real, [])


def test_page_says_three_hundred_would_bring_it_down_to_one_percent():
    assert round(1 - 0.05 ** (1 / 300), 3) == 0.01


def answers(*marks):
    return [Answer("", -n / 10, mark == "r") for n, mark in enumerate(marks)]


def brute_bar(some, most_wrong):
    """Try every confidence as the bar."""
    good = [
        a.confidence
        for a in some
        if share_wrong([b for b in some if b.confidence >= a.confidence]) <= most_wrong
    ]
    return min(good, default=float("inf"))


@pytest.mark.parametrize("marks", ["rrrwr", "wrrrrrrrrr", "www", "rwrwrwrw", "r", "w"])
@pytest.mark.parametrize("most_wrong", [0.0, 0.1, 0.34, 1.0])
def test_agrees_with_trying_every_bar(marks, most_wrong):
    some = answers(*marks)
    assert lowest_bar(some, most_wrong) == brute_bar(some, most_wrong)


def test_nothing_said_is_nothing_wrong():
    assert share_wrong([]) == 0
    assert lowest_bar([], 0.5) == float("inf")
    assert share_wrong(answers("r", "w", "w", "r")) == 0.5


def test_page_says_a_bar_set_elsewhere_removes_most_errors(real):
    values = told()
    by = {row["how"]: row for row in values["rows"]}
    assert by["by heart"]["answered"] == values["half"] == 36
    assert by["by heart"]["share"] > 0.2
    sure = by["by heart, sure ones only"]
    assert sure["wrong"] == 0  # the page says what this does and does not prove
    assert 0.4 < sure["answered"] / values["half"] < 0.7
    answers = ask_capitals(*real, CAPITALS[1::2])
    wrong = [answer.confidence for answer in answers if not answer.right]
    right = [answer.confidence for answer in answers if answer.right]
    assert len(wrong) == by["by heart"]["wrong"]
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.3


def test_page_says_a_page_helps_less_than_hoped_and_its_wording_matters(real):
    values = told()
    share = {row["how"]: row["share"] for row in values["rows"]}
    assert values["hits"] == values["asked"] == len(CAPITALS)  # the search always finds the page
    assert 0.05 < share["with the page"] < share["by heart"]
    assert share["with the page, turned round"] > share["with the page"]
    assert values["helped"] > values["spoiled"] > 0
    same = [f"The capital of {fact.country} is {fact.capital}." for fact in CAPITALS]
    for fact, page in zip(CAPITALS, same, strict=True):
        assert find_pages(f"What is the capital of {fact.country}?", same, 1) == [page]
    named = [fact for fact in CAPITALS if fact.country in ("India", "Nigeria")]
    read = ask_capitals(*real, named, (*same, *OTHER_PAGES))
    assert [answer.text for answer in read] == ["Mumbai.", "Lagos."]


def test_page_says_it_never_passes_when_asked_to():
    values = told()
    assert values["passes"] == 0
    assert len(values["replies"]) == values["half"]
    for reply in values["replies"]:
        assert "know" not in reply
        assert "sure" not in reply
