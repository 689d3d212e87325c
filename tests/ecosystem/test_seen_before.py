import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.facts_known_texts import STYLE_PAIRS
from snippets.ecosystem.seen_before import judge_passage


class Words:
    """A tokenizer whose tokens are the lengths of words."""

    eos_id = 0

    def encode(self, text):
        return [len(word) for word in text.split()]


def test_the_mean_and_the_worst_by_hand():
    def model(ids):
        return torch.tensor([0.0, 1.0, 2.0, 3.0, 4.0]).log().expand(*ids.shape, 5)

    mean, worst = judge_passage(model, Words(), "a bb ccc dddd a")
    told = -(torch.tensor([1.0, 2, 3, 4, 1]) / 10).log()
    assert mean == pytest.approx(float(told.mean()))
    assert worst == pytest.approx(float(told.max()))


def test_page_says_most_famous_passages_surprise_less():
    values = Book().result("ecosystem.seen_before")["values"]
    assert len(values["rows"]) == len(STYLE_PAIRS)
    assert all(row["famous"] < row["fresh"] for row in values["rows"])
    assert 0.75 < values["areas"]["worst fifth"] < values["areas"]["mean"] < 1
    turned = [row["style"] for row in values["rows"] if row["famous worst"] > row["fresh worst"]]
    assert turned == ["licence", "nursery rhyme"]
