from functools import cache

import pytest
import torch

from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.tools.perplexity import surprises
from snippets.training.few_shot import wilson_interval
from snippets.training.option_lengths import capital_options
from snippets.training.rephrasing import (
    LAYOUTS,
    PLAIN_LAYOUT,
    PLAIN_WORDING,
    REPHRASED,
    REWORDINGS,
    hits_by_line,
)


@cache
def told():
    return Book().result("training.rephrasing")["values"]


def test_agrees_with_asking_one_by_one():
    model, tokenizer = load()
    facts, line = REPHRASED[:7], PLAIN_LAYOUT.replace("{}", PLAIN_WORDING)
    right = 0
    for fact, options in zip(facts, capital_options(facts), strict=True):
        before = f"Question: What is the capital of {fact.country}?\nAnswer:"
        start, scores = len(tokenizer.encode(before)), []
        for option in options[:3]:
            ids = torch.tensor(tokenizer.encode(before) + tokenizer.encode(option))
            scores.append(-surprises(model, ids)[start - 1 :].sum().item())
        right += scores[0] > max(scores[1:])
    among_eight = hits_by_line(model, tokenizer, [line], facts)[0]
    assert right - 2 <= among_eight <= right  # more options are never easier


def test_no_line_gives_an_answer_away():
    assert len(set(REWORDINGS)) == len(REWORDINGS)
    assert len(set(LAYOUTS)) == len(LAYOUTS)
    assert all(line.count("{asked}") == 1 for line in REWORDINGS)
    assert all(line.count("{}") == 1 and line.endswith("{answer}") for line in LAYOUTS)
    assert len({fact.country for fact in REPHRASED}) == len(REPHRASED) == 40


def test_no_lines_are_refused():
    with pytest.raises(ValueError, match="at least one way to ask, got none"):
        hits_by_line(None, None, [], REPHRASED)


def test_page_says_rewording_stays_within_what_chance_allows():
    low, high = wilson_interval(told()["hits"][0], 40)
    assert all(40 * low <= hits <= 40 * high for hits in told()["hits"][: len(REWORDINGS)])
    assert told()["spread"]["other words"][1] - told()["spread"]["other words"][0] <= 7


def test_page_says_the_worst_layout_is_worse_than_any_wording():
    assert told()["spread"]["other layout"][0] <= told()["spread"]["other words"][0] - 3
    assert told()["rows"][-1]["right"] == told()["spread"]["other layout"][0]  # the dashes
