from functools import cache

import pytest
import torch

from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.tools.perplexity import surprises
from snippets.training.chat_template import TEMPLATES, answer_costs


@cache
def told():
    rows = Book().result("training.chat_template")["values"]["rows"]
    return {row["template"]: row for row in rows}


def test_agrees_with_one_plain_pass():
    model, tokenizer = load()
    prompts = [TEMPLATES["right"](tokenizer, f"What is {what}?") for what in ("rain", "a red fox")]
    answers = [tokenizer.encode(text) for text in ("Water.", "An animal of the woods.")]
    costs, ends = answer_costs(model, prompts, answers, tokenizer.eos_id)
    for prompt, answer, cost, end in zip(prompts, answers, costs, ends, strict=True):
        ids = torch.tensor([*prompt, *answer, tokenizer.eos_id])
        expected = surprises(model, ids)[len(prompt) - 1 :]
        assert cost.item() == pytest.approx(expected[:-1].mean().item(), abs=1e-3)
        assert end.item() == pytest.approx((-expected[-1]).exp().item(), rel=1e-2)


def test_marks_become_marks_where_meant_and_letters_where_not():
    _, tokenizer = load()
    opened = {
        n: layout(tokenizer, "Hi?").count(tokenizer.bos_id) for n, layout in TEMPLATES.items()
    }
    assert opened == {
        "right": 3, "no system message": 2, "turn left open": 2, "roles swapped": 2,
        "another model's marks": 0, "no marks": 0,
    }  # fmt: skip
    closed = {
        n: layout(tokenizer, "Hi?").count(tokenizer.eos_id) for n, layout in TEMPLATES.items()
    }
    assert closed["right"] == 2
    assert closed["turn left open"] == 0


def test_an_empty_answer_is_refused():
    with pytest.raises(ValueError, match="at least one token each, got an empty one"):
        answer_costs(None, [[1]], [[]], 2)


def test_page_says_marks_matter_and_small_slips_hardly():
    right = told()["right"]["perplexity"]
    for slip in ("no system message", "turn left open"):
        assert abs(told()[slip]["perplexity"] - right) <= 0.2
    for wrong in ("roles swapped", "another model's marks", "no marks"):
        assert told()[wrong]["perplexity"] > right + 0.3
    assert max(told().values(), key=lambda row: row["perplexity"])["template"].startswith("another")
    assert told()["another model's marks"]["stops"] < told()["right"]["stops"] - 0.1
