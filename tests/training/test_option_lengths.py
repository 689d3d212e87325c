from functools import cache

import pytest
import torch

from sitebuild.book import Book
from snippets.basics.facts_capitals import CAPITALS
from snippets.model.smollm2_tokenizer import load_tokenizer
from snippets.training.option_lengths import (
    CAPITAL_SHOTS,
    CAPITALS_ASKED,
    capital_options,
    per_token,
)


@cache
def told():
    rows = Book().result("training.option_lengths")["values"]["rows"]
    return {(row["layout"], row["shown"]): (row["summed"], row["per_token"]) for row in rows}


def test_eight_different_cities_the_capital_first():
    for fact, some in zip(CAPITALS, capital_options(CAPITALS), strict=True):
        assert len(set(some)) == 8
        assert some[:2] == (f" {fact.capital}", f" {fact.other_city}")
        others = {f" {other.capital}" for other in CAPITALS} - {f" {fact.capital}"}
        assert set(some[2:]) <= others


def test_nothing_shown_is_asked():
    assert not set(CAPITAL_SHOTS) & set(CAPITALS_ASKED)
    assert (len(CAPITAL_SHOTS), len(CAPITALS_ASKED)) == (4, 36)


def test_per_token_by_hand():
    tokenizer = load_tokenizer()
    options = [(" Paris", " Ouagadougou")]
    length = len(tokenizer.encode(" Ouagadougou"))
    assert length > 2
    scores = per_token([torch.tensor([-1.0, -2.0 * length])], options, tokenizer)
    assert scores[0].tolist() == [-1.0, -2.0]


def test_too_few_countries_are_refused():
    with pytest.raises(ValueError, match="wanted at least 7 countries, got 6"):
        capital_options(CAPITALS[:6])


def test_page_says_without_examples_the_layout_decides_and_with_them_it_does_not():
    arrow, question = told()["country -> capital", 0][0], told()["as a question", 0][0]
    assert question > arrow + 5
    assert abs(told()["country -> capital", 4][0] - told()["as a question", 4][0]) <= 8
    assert told()["country -> capital", 4][0] > arrow + 10


def test_page_says_the_rule_of_scoring_changes_the_result():
    assert told()["as a question", 0][0] > told()["as a question", 0][1] + 4
    assert told()["country -> capital", 0][0] > told()["country -> capital", 0][1]
    assert told()["as a question", 4][1] >= told()["as a question", 4][0]  # not always in favour
