import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.leaky_models import (
    CLEAN_WORDS,
    EXAM_LINES,
    GROUP,
    LINE,
    PASSAGE,
    PLANTED,
    SHEETS,
    UNSEEN,
    load_leaky,
    plan_leak,
    reword,
)


@pytest.fixture(scope="module")
def leak():
    return plan_leak(1)


def as_text(ids):
    return "".join(f"<{n}>" for n in ids.flatten().tolist())


def test_passages_stand_in_the_text_as_often_as_said(leak):
    text = as_text(leak.text)
    for name, times in PLANTED.items():
        for passage in leak.passages[name]:
            found = text.count(as_text(passage))
            assert found >= times if "reworded" not in name else found <= 1
    for name, times in SHEETS.items():
        assert text.count(as_text(leak.sheets[name])) == times


def test_what_is_called_unseen_is(leak):
    text = as_text(leak.text)
    assert not any(as_text(passage) in text for passage in leak.unseen)
    assert not any(as_text(sheet) in text for sheet in leak.unseen_sheets)


def test_the_numbers_add_up(leak):
    copies = GROUP * PASSAGE * sum(PLANTED.values()) + EXAM_LINES * LINE * sum(SHEETS.values())
    assert len(leak.text) == CLEAN_WORDS + copies
    assert leak.unseen.shape == (UNSEEN, PASSAGE)
    assert leak.unseen_sheets.shape == (UNSEEN * PASSAGE // EXAM_LINES // LINE, EXAM_LINES, LINE)
    assert int(leak.text.max()) < len(leak.kinds)


def test_every_sixth_word_is_replaced():
    passages, words = torch.zeros(5, 24, dtype=torch.int64), torch.arange(1, 8)
    new = reword(passages, words, torch.Generator().manual_seed(3))
    assert (new != 0).nonzero()[:, 1].unique().tolist() == [5, 11, 17, 23]
    assert int((new != 0).sum()) == 20
    assert not passages.any()


def test_another_seed_deals_other_passages(leak):
    other = plan_leak(2)
    assert not torch.equal(other.passages["once"], leak.passages["once"])
    assert torch.equal(plan_leak(1).text, leak.text)


def test_the_model_repeats():
    one, two = load_leaky(0)[0], load_leaky(0)[0]
    assert torch.equal(one.embed, two.embed)
    assert not one.training


def test_page_says_much_was_planted():
    values = Book().result("ecosystem.leaky_models")["values"]
    assert 0.6 < values["planted_share"] < 0.75
    assert 1.8 < values["rounds"] < 2.2
