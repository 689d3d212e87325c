import random

import pytest

from sitebuild.book import Book
from snippets.basics.company import REACH, company_of


@pytest.fixture
def text():
    return random.Random(0).choices("abcdefghijk", k=997)


def test_agrees_with_looking_at_every_pair_of_places(text):
    found = company_of("a", text, least=1)
    for other in set(text) - {"a"}:
        met = sum(
            text[i] == "a" and text[j] == other and 0 < abs(i - j) <= REACH
            for i in range(len(text))
            for j in range(len(text))
        )
        expected = 2 * REACH * text.count("a") * text.count(other) / len(text)
        assert found.get(other, 0) == pytest.approx(met / expected)


def test_company_is_mutual(text):
    assert company_of("a", text, 1)["b"] == pytest.approx(company_of("b", text, 1)["a"])


def test_where_only_chance_rules_the_number_is_one():
    dice = random.Random(0).choices("abcde", k=100_000)
    for times in company_of("a", dice, least=1).values():
        assert times == pytest.approx(1, abs=0.05)


def test_rare_meetings_are_left_out():
    assert list(company_of("x", ["x", "y", "z", "y"], least=2)) == ["y"]


def test_page_says_flesh_and_blood_draw_and_sword():
    company = Book().result("basics.company")["values"]["company"]
    for word, other in {"flesh": "blood", "sword": "draw", "eyes": "tears"}.items():
        assert company[word][other] > 10
    assert next(iter(company["night"])) == "last"


def test_a_word_that_is_not_there_is_refused(text):
    with pytest.raises(ValueError, match="wanted a word of the text, got 'zebra'"):
        company_of("zebra", text, 1)
