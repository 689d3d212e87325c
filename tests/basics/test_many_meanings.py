import pytest
import torch

from snippets.basics.many_meanings import BANKS, vector_of_word
from snippets.model.minilm import load_minilm_parts

OTHERS = (  # not the page's sentences
    "We sat on the grassy bank and watched the river.",
    "Fish hide under the bank of the brook.",
    "The bank charged a fee for the transfer.",
    "My savings are safe in the bank.",
)


@pytest.fixture(scope="module")
def parts():
    return load_minilm_parts()


def test_agrees_with_the_encoders_own_output(parts):
    wordpiece, encoder = parts
    ids = torch.tensor([wordpiece.encode(BANKS[0])])
    place = wordpiece.tokens(BANKS[0]).index("bank")
    with torch.no_grad():
        expected = encoder(ids, torch.ones_like(ids, dtype=torch.bool))[0, place]
    found = vector_of_word("bank", BANKS[0], *parts)
    torch.testing.assert_close(found * expected.norm(), expected)


def test_it_comes_in_the_same_everywhere(parts):
    vectors = torch.stack([vector_of_word("bank", s, *parts, layers=0) for s in BANKS])
    torch.testing.assert_close(vectors, vectors[:1].expand_as(vectors))


def test_page_says_meanings_part(parts):
    for sentences in (BANKS, OTHERS):
        half = len(sentences) // 2
        vectors = torch.stack([vector_of_word("bank", s, *parts) for s in sentences])
        alike = vectors @ vectors.T
        alike.fill_diagonal_(-1)
        for n, nearest in enumerate(alike.argmax(1).tolist()):
            assert (n < half) == (nearest < half), sentences[n]


def test_a_word_that_is_not_there_is_refused(parts):
    with pytest.raises(ValueError, match="wanted 'bench' as one token"):
        vector_of_word("bench", BANKS[0], *parts)
