from functools import cache

import pytest

from snippets.basics.manual_sentences import GIVEAWAYS, manual_sentences, split_by_function
from snippets.retrieval.docstrings import DocEntry, docstring_corpus

BY_HAND = [
    DocEntry(
        "numpy.zeros", "Return a new array of given shape. Too short.\n\nSee `x` for all the rest."
    ),
    DocEntry("torch.nn.Linear", "Apply an affine transformation to the incoming data. x = 1."),
    DocEntry("torch.fft.fft", "Computes the transform of what you hand to it."),
]


@cache
def real():
    sentences = manual_sentences(docstring_corpus())
    return sentences, *split_by_function(sentences)


def test_a_case_by_hand():
    assert manual_sentences(BY_HAND) == {
        "Return a new thing of given shape.": (0.0, "zeros"),
        "See x for all the rest.": (0.0, "zeros"),
        "Apply an affine transformation to the incoming data.": (1.0, "linear"),
    }


def test_no_function_stands_on_both_sides():
    sentences, train, exam = real()
    functions = [{sentences[text][1] for text, _ in part} for part in (train, exam)]
    assert len(train) > 1000
    assert not functions[0] & functions[1]
    assert sum(label for _, label in exam) == len(exam) / 2 > 80


def test_no_giveaway_is_left_and_no_copy_in_the_exam():
    sentences, train, exam = real()
    assert not any(GIVEAWAYS.search(text) for text in sentences)
    known = [set(text.lower().strip(".").split()) for text, _ in train]
    for text, _ in exam:
        words = set(text.lower().strip(".").split())
        assert max(len(words & other) / len(words | other) for other in known) < 0.75


def test_one_kind_is_refused():
    with pytest.raises(ValueError, match="both kinds"):
        split_by_function({f"A sentence number {n}.": (1.0, f"f{n}") for n in range(40)})
