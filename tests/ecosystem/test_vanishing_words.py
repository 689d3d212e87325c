import itertools

import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.vanishing_words import copy_counts, expected_kinds, word_family

COUNTS = torch.tensor([11, 5, 3, 1, 1, 0])


def test_agrees_with_counting_all_texts():
    """All texts of four words drawn from "a a a b c", each with its chance."""
    shares, kinds = (3 / 5, 1 / 5, 1 / 5), 0.0
    for text in itertools.product(range(3), repeat=4):
        chance = 1.0
        for word in text:
            chance *= shares[word]
        kinds += chance * len(set(text))
    assert expected_kinds(torch.tensor([3, 1, 1]), 4) == pytest.approx(kinds)


def test_by_hand():
    assert expected_kinds(torch.tensor([3, 1]), 4) == pytest.approx(2 - (3 / 4) ** 4 - (1 / 4) ** 4)
    assert expected_kinds(COUNTS, 1) == pytest.approx(1)


def test_agrees_with_drawing():
    chance = torch.Generator().manual_seed(3)
    drawn = [int((copy_counts(COUNTS, chance) > 0).sum()) for _ in range(2000)]
    assert sum(drawn) / len(drawn) == pytest.approx(expected_kinds(COUNTS, 21), abs=0.06)


def test_what_has_died_never_returns():
    line = word_family(COUNTS, 13, seed=2)
    assert {int(counts.sum()) for counts in line} == {21}
    for before, after in itertools.pairwise(line):
        assert not after[before == 0].any()


def test_page_says_kinds_die_as_foretold_and_the_tails_mass_stays():
    values = Book().result("ecosystem.vanishing_words")["values"]
    rows = values["rows"]
    assert values["b_is_gone"] == 81 / 256
    for row in rows[1:]:
        assert row["kinds"] == pytest.approx(row["expected"], rel=0.01)
    assert rows[1]["kinds"] < 0.76 * rows[0]["kinds"]
    assert rows[10]["kinds"] < 0.3 * rows[0]["kinds"]
    assert rows[10]["rare"] < 0.2 * rows[0]["rare"]
    assert abs(rows[10]["tail"] - rows[0]["tail"]) < 0.01


def test_an_empty_text_is_refused():
    with pytest.raises(ValueError, match="a text with a word in it"):
        expected_kinds(torch.zeros(3), 5)
