import pytest
import torch

from snippets.basics.shots import (
    ASKED_OPPOSITES,
    SHOWN_OPPOSITES,
    count_right,
    few_shot_prompt,
)
from snippets.model.generate import generate
from snippets.model.smollm2 import load


def test_a_prompt_by_hand():
    shown = (("hot", "cold"), ("big", "small"))
    assert few_shot_prompt("up", shown) == "hot -> cold\nbig -> small\nup ->"
    assert few_shot_prompt("up", ()) == "up ->"


def test_agrees_with_one_prompt_at_a_time():
    model, tokenizer = load()
    right = 0
    for word, opposite in ASKED_OPPOSITES:
        ids = torch.tensor([tokenizer.encode(few_shot_prompt(word, SHOWN_OPPOSITES))])
        line = tokenizer.decode(generate(model, ids, 3)[0, ids.shape[1] :].tolist())
        right += line.split()[:1] == [opposite]
    assert count_right(model, tokenizer, SHOWN_OPPOSITES) == right


def test_page_says_examples_teach_the_task():
    model, tokenizer = load()
    assert count_right(model, tokenizer, ()) <= 2
    assert count_right(model, tokenizer, SHOWN_OPPOSITES) >= 14


def test_nothing_shown_is_asked_and_an_empty_word_is_refused():
    assert not set(SHOWN_OPPOSITES) & set(ASKED_OPPOSITES)
    with pytest.raises(ValueError, match="wanted a word, got ' '"):
        few_shot_prompt(" ", ())
