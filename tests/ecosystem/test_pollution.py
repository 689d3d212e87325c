import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.family import FAMILY_WINDOW, exam_surprises, hamlet_library
from snippets.ecosystem.page_judge import pair_table, plausible
from snippets.ecosystem.pollution import (
    DYNASTY_SEEDS,
    GENERATIONS,
    MEASURED,
    REGIMES,
    all_dynasties,
    census,
    dynasty,
)
from snippets.model.tiny import new_tiny
from snippets.tools.threads import with_threads


@pytest.fixture(scope="module")
def rows():
    values = Book().result("ecosystem.pollution")["values"]
    return {(row["regime"], row["generation"]): row for row in values["rows"]}


@pytest.fixture(scope="module")
def library():
    return hamlet_library(400, 150)


def test_a_census_by_hand(library):
    """Pages that repeat three words: one common, two that are rare in the real text."""
    common = int(library.counts.argmax())
    once = (library.counts == 1).nonzero()[:2, 0].tolist()
    pages = torch.tensor([[common, common, once[0], once[1], once[1]]])
    model, table = new_tiny(len(library.kinds)).eval(), pair_table(library.kinds)
    told = dict(zip(MEASURED, census(library, table, model, pages).tolist(), strict=True))
    assert (told["kinds"], told["rare kinds"]) == (3, 2)
    assert told["tail"] == pytest.approx(3 / 5)
    rare_words = int(library.counts[library.rare].sum())
    assert told["matched"] == pytest.approx(2 / rare_words)  # the second copy matches nothing
    nats, _ = exam_surprises(model, library.exam)
    assert told["perplexity"] == pytest.approx(float(nats.mean().exp()))
    assert told["judge"] == pytest.approx(float(plausible(table, pages)))


def test_the_real_text_matches_its_own_tail(library):
    model, table = new_tiny(len(library.kinds)).eval(), pair_table(library.kinds)
    told = census(library, table, model, library.ids[None])
    assert told[MEASURED.index("matched")] == 1
    assert told[MEASURED.index("kinds")] == len(library.kinds)


def test_all_regimes_share_their_founder_and_repeat(library):
    with with_threads(1):
        one = dynasty(library, ("replace", "pile up"), 1, seed=3)
        two = dynasty(library, ("pile up",), 1, seed=3)
    torch.testing.assert_close(one["replace"][0], one["pile up"][0])
    assert not torch.equal(one["replace"][1], one["pile up"][1])
    torch.testing.assert_close(one["pile up"], two["pile up"], atol=0, rtol=0)
    assert one["replace"].shape == (2, len(MEASURED))


def test_replaced_children_cannot_say_what_their_parent_did_not(monkeypatch):
    """With a parent that knows one word, the child reads one word only."""
    lessons = []

    def note(text, kinds, seed):
        lessons.append(text)
        return new_tiny(kinds).eval()

    monkeypatch.setattr("snippets.ecosystem.pollution.raise_child", note)
    monkeypatch.setattr("snippets.ecosystem.pollution.write_pages",
                        lambda model, first, pages, chance: torch.full((pages, 48), 2))  # fmt: skip
    library = hamlet_library(100, 60)
    dynasty(library, REGIMES, 2, seed=0)
    founder, *children = lessons
    assert torch.equal(founder, library.ids)
    assert [len(text) for text in children] == [100, 100, 200, 300, 100, 100]
    assert [set(text.tolist()) for text in (*children[:2], *children[4:])] == [{2}] * 4
    assert torch.equal(children[3][:100], library.ids)


def test_results_have_the_shape_they_say():
    runs = all_dynasties()
    shape = (DYNASTY_SEEDS, GENERATIONS + 1)
    assert {runs[regime].shape for regime in REGIMES} == {(*shape, len(MEASURED))}
    assert {runs[f"{regime}, page 1"].shape for regime in REGIMES} == {(*shape, FAMILY_WINDOW)}


def test_page_says_replacing_ruins_and_piling_up_saves(rows):
    founder = rows["replace", 0]
    replaced, piled = rows["replace", GENERATIONS], rows["pile up", GENERATIONS]
    assert replaced["low"] > 2 * founder["perplexity"]
    assert founder["perplexity"] < piled["perplexity"] < 1.25 * founder["perplexity"]
    assert piled["high"] < replaced["low"]
    assert replaced["kinds"] < 0.6 * founder["kinds"]
    assert piled["kinds"] > 0.85 * founder["kinds"]
    line = [rows["replace", n]["perplexity"] for n in range(GENERATIONS + 1)]
    assert line == sorted(line)


def test_page_says_the_tails_mass_stays_where_words_die(rows):
    founder, replaced = rows["replace", 0], rows["replace", GENERATIONS]
    assert replaced["tail"] > founder["tail"]
    assert replaced["rare kinds"] < 0.55 * founder["rare kinds"]
    assert replaced["matched"] < 0.6 * founder["matched"]


def test_page_says_the_filter_pleases_its_judge_and_loses_the_tail(rows):
    founder, last = rows["filter", 0], rows["filter", GENERATIONS]
    line = [rows["filter", n]["judge"] for n in range(GENERATIONS + 1)]
    assert line == sorted(line)
    assert last["judge"] > founder["judge"] + 1
    assert last["perplexity"] > 2 * founder["perplexity"]
    replaced = rows["replace", GENERATIONS]
    assert last["kinds"] < 0.6 * replaced["kinds"]
    assert last["perplexity"] < replaced["perplexity"]
    assert last["tail"] < 0.6 * founder["tail"]


def test_strangers_are_refused(library):
    with pytest.raises(ValueError, match="wanted regimes among"):
        dynasty(library, ("copy",), 1, seed=0)
