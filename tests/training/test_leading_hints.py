from functools import cache

import pytest

from sitebuild.book import Book
from snippets.basics.facts_capitals import CAPITALS
from snippets.basics.wording import answer_chances
from snippets.model.smollm2 import load
from snippets.training.leading_hints import HINTS, hint_shares


@cache
def told():
    return {row["hint"]: row for row in Book().result("training.leading_hints")["values"]["rows"]}


def test_agrees_with_asking_one_by_one():
    model, tokenizer = load()
    facts = [fact for fact in CAPITALS if fact.country in ("Australia", "Norway", "Brazil")]
    together = hint_shares(model, tokenizer, HINTS["a friend believes it"], facts)
    for fact, pair in zip(facts, together.tolist(), strict=True):
        question = (
            f"My friend says that {fact.other_city} is the capital of {fact.country}. "
            f"What is the capital of {fact.country}?"
        )
        opening = f"The capital of {fact.country} is"
        cities = (f" {fact.capital}", f" {fact.other_city}")
        expected = answer_chances(model, tokenizer, question, cities, opening)
        assert pair == pytest.approx(expected, rel=2e-3, abs=1e-5)


def test_chances_are_chances():
    shares = hint_shares(*load(), HINTS["no hint"], CAPITALS[:5])
    assert shares.shape == (5, 2)
    assert (shares > 0).all()
    assert (shares.sum(1) < 1).all()


def test_nothing_to_ask_is_refused():
    with pytest.raises(ValueError, match="at least one country to ask about, got none"):
        hint_shares(None, None, "", ())


def test_page_says_a_false_hint_pulls_and_a_true_one_lifts():
    plain, mentioned = told()["no hint"], told()["the city is mentioned"]
    false, true = told()["a friend believes it"], told()["a friend knows it"]
    assert 0.5 < false["capital"] / plain["capital"] < 0.8
    assert true["capital"] > plain["capital"] + 0.05
    assert min(false["other"], mentioned["other"]) > plain["other"] + 0.03
    assert max(false["ahead"], mentioned["ahead"]) < plain["ahead"] - 3
    assert true["ahead"] > plain["ahead"]


def test_page_says_a_mere_mention_does_about_as_much_as_a_claim():
    mentioned, false = told()["the city is mentioned"], told()["a friend believes it"]
    assert abs(mentioned["other"] - false["other"]) < 0.05
