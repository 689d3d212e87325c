from functools import cache

import pytest
import torch

from sitebuild.book import Book
from snippets.basics.facts_capitals import CAPITALS
from snippets.model.smollm2 import load
from snippets.training.answer_format import FORM_FACTS, FORMS, beginnings, first_tokens


@cache
def told():
    return {row["form"]: row for row in Book().result("training.answer_format")["values"]["rows"]}


@torch.no_grad()
def test_agrees_with_one_plain_pass():
    model, tokenizer = load()
    facts = [fact for fact in CAPITALS if fact.country in ("Norway", "Peru")]
    together = beginnings(model, tokenizer, FORMS["a list"], facts)
    for fact, row in zip(facts, together, strict=True):
        question = f"What is the capital of {fact.country}? Answer with a list of bullet points."
        ids = torch.tensor([tokenizer.chat([{"role": "user", "content": question}])])
        chances = model(ids)[0, -1].softmax(-1)
        bullets = [tokenizer.encode(mark)[0] for mark in ("-", "*", "1", "\u2022")]
        assert row[2].item() == pytest.approx(chances[bullets].sum().item(), rel=1e-2, abs=1e-4)


def test_no_token_counts_twice():
    _, tokenizer = load()
    for fact in CAPITALS:
        kinds = first_tokens(tokenizer, fact)
        assert len(set().union(*kinds)) == sum(map(len, kinds))


def test_shares_add_up():
    shares = beginnings(*load(), "", FORM_FACTS[:5])
    torch.testing.assert_close(shares.sum(1), torch.ones(5))
    assert (shares > -1e-5).all()


def test_nothing_to_ask_is_refused():
    with pytest.raises(ValueError, match="at least one country to ask about, got none"):
        beginnings(None, None, "", ())


def test_page_says_a_list_is_obeyed_and_one_word_is_not():
    assert told()["nothing"]["a list"] < 0.05
    assert told()["a list"]["a list"] > 0.5
    assert told()["one word"]["the capital"] < 0.05
    assert told()["one word"]["anything else"] > told()["nothing"]["anything else"] + 0.1
