from collections import Counter

import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.family import (
    FAMILY_SIZES,
    FAMILY_WINDOW,
    exam_surprises,
    hamlet_library,
    raise_child,
    spoken_words,
    write_pages,
)
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.texts import read_play
from snippets.tools.threads import with_threads

V = 13


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(V, **FAMILY_SIZES)).eval()
    torch.nn.init.normal_(model.embed)
    return model


def test_words_by_hand():
    assert spoken_words("Who's there? Nay, answer me:") == [
        *("who's", "there", "?", "nay", ",", "answer", "me", ":")
    ]


def test_the_library_is_the_play():
    library = hamlet_library(101, 37)
    said = spoken_words(read_play("hamlet"))
    assert [library.kinds[n] for n in library.ids] == said[:101]
    counts = Counter(said[:101])
    assert library.counts.tolist() == [counts[kind] for kind in library.kinds]
    assert [kind for kind, rare in zip(library.kinds, library.rare, strict=True) if rare] == [
        kind for kind in library.kinds if counts[kind] <= 2
    ]
    for word, number in zip(said[101:138], library.exam.tolist(), strict=True):
        assert number == (library.kinds.index(word) if word in counts else -1)


def test_words_are_drawn_with_the_models_own_probability(model):
    """The first and the second word of many pages, against the model's distributions."""
    pages = write_pages(model, 3, 4001, torch.Generator().manual_seed(5))
    assert pages.shape == (4001, FAMILY_WINDOW)
    with torch.no_grad():
        first = model(torch.tensor([[3]]))[0, -1].softmax(-1)
        second = model(torch.tensor([[3, int(first.argmax())]]))[0, -1].softmax(-1)
    drawn = torch.bincount(pages[:, 0], minlength=V) / len(pages)
    torch.testing.assert_close(drawn, first, atol=0.04, rtol=0)
    after = pages[pages[:, 0] == first.argmax(), 1]
    drawn = torch.bincount(after, minlength=V) / len(after)
    torch.testing.assert_close(drawn, second, atol=4 / len(after) ** 0.5, rtol=0)


def test_pages_repeat(model):
    one, two = (write_pages(model, 0, 2, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(one, two)


def test_unknown_words_are_not_judged(model):
    exam = torch.tensor([3, 5, -1, 7, 11])
    told, words = exam_surprises(model, exam)
    assert words.tolist() == [5, 7, 11]
    with torch.no_grad():
        chances = model(torch.tensor([[3]]))[0, -1].softmax(-1)
    torch.testing.assert_close(told[0], -chances[5].log())


def test_a_child_learns_what_it_reads():
    text = torch.arange(1000) % 5
    with with_threads(1):
        one, two = (raise_child(text, 5, seed=1, steps=20) for _ in range(2))
    assert torch.equal(one.embed, two.embed)
    told, _ = exam_surprises(one, text[:50])
    assert float(told.mean()) < 0.8  # blind guessing costs ln 5 = 1.6


def test_raising_a_child_leaves_chance_alone():
    before = torch.random.get_rng_state()
    raise_child(torch.arange(100) % 3, 3, seed=1, steps=1)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_page_says_most_kinds_are_rare():
    values = Book().result("ecosystem.family")["values"]
    assert values["rare"] > 0.7 * values["kinds"]
    assert 0.15 < values["rare_share"] < 0.25


def test_no_page_is_refused(model):
    with pytest.raises(ValueError, match="a page or more, got 0"):
        write_pages(model, 0, 0, torch.Generator())
