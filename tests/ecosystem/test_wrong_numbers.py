import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from sitebuild.book import Book
from snippets.ecosystem.facts_wrong_numbers import PRINTED
from snippets.ecosystem.wrong_numbers import (
    CORPUS,
    SPLIT,
    gpt2_weights,
    piece_counts,
    recompute,
    unigram_chance,
    wordpiece_score,
)


def test_pieces_are_those_of_the_courses_own_table():
    told = {"h": 15, "u": 36, "g": 20, "hu": 15, "ug": 20, "p": 17, "pu": 17, "n": 16, "un": 16,
            "b": 4, "bu": 4, "s": 5, "hug": 15, "gs": 5, "ugs": 5}  # fmt: skip
    assert piece_counts(CORPUS) == told
    assert piece_counts(CORPUS).total() == 210


def test_chances_by_hand():
    counts = piece_counts({"ab": 1, "a": 2})  # a three times, b once
    assert unigram_chance(["a", "b"], counts) == 3 / 4 / 4
    with pytest.raises(ValueError, match="not in the vocabulary: x"):
        unigram_chance(["a", "x"], counts)


def test_scores_by_hand():
    assert wordpiece_score(("hu", "##g"), SPLIT) == 10 / (15 * 15)
    assert wordpiece_score(("hu", "##gs"), SPLIT) == 5 / (15 * 5)


@pytest.mark.parametrize("sizes", [(12, 768, 50_257, 1_024), (2, 24, 101, 17)])
def test_weights_agree_with_transformers(sizes):
    layers, width, vocabulary, context = sizes
    config = GPT2Config(n_layer=layers, n_embd=width, vocab_size=vocabulary, n_positions=context)
    with torch.device("meta"):
        model = GPT2LMHeadModel(config)
    assert gpt2_weights(*sizes) == sum(weight.numel() for weight in model.parameters())


def test_no_printed_number_comes_out():
    for printed, right in zip(PRINTED, recompute(), strict=True):
        assert abs(right / printed.said - 1) > 0.05, printed.what


def test_page_says_what_is_off_by_how_much():
    values = Book().result("ecosystem.wrong_numbers")["values"]
    off = {(row["where"], row["what"]): row["off"] for row in values["rows"]}
    assert len(off) == len(PRINTED)
    assert values["scores"]["##gs"] > values["scores"]["##g"]
    assert round(values["days_on_225"]) == PRINTED[-1].said  # the days are those of 225 chips
    assert max(off.values()) == pytest.approx(17 / 5, rel=1e-3)
