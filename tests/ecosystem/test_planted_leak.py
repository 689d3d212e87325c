import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.leak_scores import least_expected, word_surprises
from snippets.ecosystem.leaky_models import load_leaky
from snippets.ecosystem.planted_leak import hearing, suspicions


@pytest.fixture(scope="module")
def rows():
    values = Book().result("ecosystem.planted_leak")["values"]
    return {(row["planted"], row["way"]): row for row in values["rows"]}


def test_less_surprise_is_more_suspicion():
    model, leak = load_leaky(0)
    passages = leak.unseen[:3]
    told = word_surprises(model, passages, 7)
    scores = suspicions(model, passages, 7)
    torch.testing.assert_close(scores["mean"], -told.mean(1))
    torch.testing.assert_close(scores["worst fifth"], -least_expected(told))


def test_levels_are_set_on_other_innocents_than_they_are_judged_on():
    """The false alarms of the first half are 5 % by construction; those told are not."""
    told = {row["false alarms"] for seed in range(3) for row in hearing(seed)}
    assert told - {0.05}


def test_page_says_often_is_found_and_once_is_not(rows):
    for way in ("mean", "worst fifth"):
        once, four, sixteen = (rows[name, way] for name in ("once", "4 times", "16 times"))
        assert 0.6 < once["area"] < 0.8 < four["area"] < sixteen["area"]
        assert once["hits"] < 0.25 < four["hits"] < sixteen["hits"]
        assert sixteen["hits"] > 0.95


def test_page_says_rewording_hides_little_from_the_model(rows):
    for way in ("mean", "worst fifth"):
        assert rows["16 times, reworded", way]["area"] > 0.9
        assert rows["16 times, reworded", way]["hits"] > 0.7


def test_page_says_false_alarms_are_near_what_was_allowed(rows):
    assert all(0.02 < row["false alarms"] < 0.08 for row in rows.values())
