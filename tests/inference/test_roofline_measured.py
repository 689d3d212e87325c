import pytest

from sitebuild.book import Book
from snippets.inference.roofline_measured import PASSES, pass_works
from snippets.model.transformer import Transformer, TransformerConfig


def small():
    return Transformer(TransformerConfig(23, 16, 2, 4, 2, 4, 29, 40))


def values():
    return Book().result("inference.roofline_measured")["values"]


def test_every_pass_reads_what_it_should(monkeypatch):
    model, seen = small(), []
    read = Transformer.read

    def watch(self, ids, cache=None, readable=None):
        seen.append((tuple(ids.shape), cache.length))
        return read(self, ids, cache, readable)

    monkeypatch.setattr(Transformer, "read", watch)
    works = pass_works(model, (("decode", 5, 1), ("prefill", 2, 7)), past=11)
    for _ in range(2):
        for work in works.values():
            work()
    assert list(works) == ["0", "1"]
    assert seen == 2 * [((5, 1), 11), ((2, 7), 0)]


@pytest.mark.parametrize("passes", [(), (("a", 0, 1),), (("a", 3, 1), ("b", 2, 0))])
def test_nothing_to_do_is_refused(passes):
    with pytest.raises(ValueError, match="a text and a token at least"):
        pass_works(small(), passes)


def test_page_says_prefill_is_right_of_the_ridge_and_one_token_left_of_it():
    told = values()
    assert len(told["rows"]) == len(PASSES)
    assert told["first"]["intensity"] < 1 < told["ridge"] < 130 < told["last"]["intensity"]
    assert told["first"]["waits_for"] == "memory"
    assert told["last"]["waits_for"] == "arithmetic"


def test_page_says_no_pass_is_above_the_roof_nor_far_below():
    """Generous, because a machine may be disturbed; the roof and the model are measured apart."""
    told = values()
    assert told["worst_share"] > 0.1
    assert told["best_share"] < 1.3


def test_page_says_reading_a_prompt_gets_much_more_done():
    told = values()
    assert told["faster"] > 5
    assert told["cheaper"] > 5
    assert told["first"]["busy"] < 0.2
