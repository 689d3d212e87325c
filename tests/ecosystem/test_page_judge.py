import math

import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.family import spoken_words
from snippets.ecosystem.page_judge import PAIR_WEIGHT, keep_best, pair_table, plausible
from snippets.tools.texts import read_play

KINDS = ["and", "my", "lord", "the", "zebra"]


@pytest.fixture(scope="module")
def table():
    return pair_table(KINDS, ("macbeth",))


def test_rows_are_probabilities(table):
    """A word that none of the known ones ever followed has only its single words' share."""
    followed = torch.tensor([1, 1, 1, 1 - PAIR_WEIGHT, 1 - PAIR_WEIGHT])
    torch.testing.assert_close(table.exp().sum(1), followed)


def test_agrees_with_counting_pairs(table):
    said = spoken_words(read_play("macbeth"))
    pairs = [p for p in zip(said, said[1:], strict=False) if p[0] in KINDS and p[1] in KINDS]
    my = [second for first, second in pairs if first == "my"]
    ends = {kind: 0.5 + sum(second == kind for _, second in pairs) for kind in KINDS}
    expected = PAIR_WEIGHT * my.count("lord") / len(my)
    expected += (1 - PAIR_WEIGHT) * ends["lord"] / sum(ends.values())
    assert float(table[1, 2]) == pytest.approx(math.log(expected), rel=1e-5)


def test_a_page_scores_the_mean_of_its_pairs(table):
    page = torch.tensor([[1, 2, 0]])
    assert float(plausible(table, page)) == pytest.approx(float(table[1, 2] + table[2, 0]) / 2)


def test_keeps_the_best_in_their_order(table):
    good, better, bad = [0, 1, 2], [1, 2, 3], [4, 4, 4]
    pages = torch.tensor([good, bad, better, bad])
    assert keep_best(table, pages, 1).tolist() == [better]
    assert keep_best(table, pages, 2).tolist() == [good, better]
    assert torch.equal(keep_best(table, pages, 4), pages)


def test_page_says_the_judge_knows_order():
    scores = Book().result("ecosystem.page_judge")["values"]["scores"]
    assert scores[0] > scores[1] + 1


@pytest.mark.parametrize("count", [0, 5])
def test_too_many_are_refused(table, count):
    with pytest.raises(ValueError, match=f"1 to 4 of the pages, got {count}"):
        keep_best(table, torch.zeros(4, 3, dtype=torch.int64), count)
