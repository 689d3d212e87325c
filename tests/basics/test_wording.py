from functools import cache

import pytest
import torch

from snippets.basics.wording import WORDINGS, answer_chances
from snippets.model.smollm2 import load

OPENING = "The capital of Australia is"


@cache
def measured():
    cities = (" Canberra", " Sydney")
    return {
        name: answer_chances(*load(), question, cities, OPENING)
        for name, question in WORDINGS.items()
    }


def test_agrees_with_multiplying_token_by_token():
    model, tokenizer = load()
    ids = tokenizer.chat([{"role": "user", "content": WORDINGS["question"]}])
    ids += tokenizer.encode(OPENING)
    chance = 1.0
    for token in tokenizer.encode(" Canberra"):
        with torch.no_grad():
            chance *= model(torch.tensor([ids]))[0, -1].softmax(-1)[token].item()
        ids.append(token)
    assert measured()["question"][0] == pytest.approx(chance, rel=1e-3)


def test_chances_are_chances():
    for pair in measured().values():
        assert all(chance > 0 for chance in pair)
        assert sum(pair) < 1


def test_page_says_politeness_helps_and_shouting_hurts():
    canberra = {name: chances[0] for name, chances in measured().items()}
    assert canberra["polite"] > canberra["question"] + 0.1
    assert canberra["shouting"] < canberra["question"] - 0.2
    assert measured()["leading"][1] < measured()["question"][1]  # no flattery for Sydney here


def test_no_answers_are_refused():
    with pytest.raises(ValueError, match="at least one answer, got none"):
        answer_chances(*load(), "Why?", (), OPENING)
