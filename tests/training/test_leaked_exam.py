import pytest
import torch

from sitebuild.book import Book
from snippets.model.characters import play_ids
from snippets.tools.threads import with_threads
from snippets.training.leaked_exam import EXAM_TEXTS, EXAM_WINDOW, PILES, cram, deal_piles


def test_piles_do_not_overlap():
    ids = torch.arange((EXAM_WINDOW + 1) * 200)
    piles = deal_piles(ids, 0)
    starts = torch.cat([piles[pile][:, 0] for pile in PILES])
    assert len(starts.unique()) == 3 * EXAM_TEXTS
    assert all(pile.shape == (EXAM_TEXTS, EXAM_WINDOW + 1) for pile in piles.values())


def test_too_short_a_text_is_refused():
    with pytest.raises(ValueError, match="wanted 42 windows or more, got 3"):
        deal_piles(torch.arange(3 * (EXAM_WINDOW + 1)), 0)


def test_looking_at_the_exam_teaches_nothing(monkeypatch):
    monkeypatch.setattr("snippets.training.leaked_exam.CRAM_STEPS", 40)
    piles = deal_piles(torch.randint(11, (20_000,)), 0)
    course = cram(piles, 11, 0, leak=False)
    other = dict(piles, validation=torch.randint(11, (EXAM_TEXTS, EXAM_WINDOW + 1)))
    assert cram(other, 11, 0, leak=False)["training"] == course["training"]
    assert cram(other, 11, 0, leak=True)["training"] != course["training"]


def test_page_says_it_is_seen_when_kept_apart_and_hidden_when_leaked():
    apart, leaked = Book().result("training.leaked_exam")["values"]["rows"]
    for row in (apart, leaked):  # by heart, both, and the spread of three seeds is small
        assert row["training"] < row["sealed"] - 2
        assert all(row[f"{pile} spread"] < 1 for pile in PILES)
    assert apart["validation"] > apart["validation best"] + 0.7
    assert abs(apart["validation"] - apart["sealed"]) < 0.5
    assert leaked["validation"] < leaked["sealed"] - 2
    assert max(apart["stops"]) < 90 < min(leaked["stops"])
    assert apart["sealed at stop"] < leaked["sealed at stop"] - 0.3


def test_page_says_a_leak_of_a_quarter_still_warns():
    characters, ids, _ = play_ids()
    piles = deal_piles(ids, 7)  # the demo has seeds 0, 1 and 2
    piles["training"] = torch.cat([piles["training"], piles["validation"][:4]])
    with with_threads(1):
        course = cram(piles, len(characters), 7, leak=False)
    assert course["validation"][-1] > min(course["validation"]) + 0.1
    assert course["validation"][-1] < course["sealed"][-1] - 0.5
