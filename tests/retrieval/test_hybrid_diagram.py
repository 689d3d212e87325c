import matplotlib.pyplot as plt
import pytest

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.hybrid_diagram import LIST_NAMES, draw_search, list_lines
from snippets.retrieval.hybrid_search import fuse, search_both


def test_lines_agree_with_the_list():
    names = ["a", "b", "c", "d", "e"]
    assert list_lines(names, "b") == ["1. a", "2. b", "3. c"]
    assert list_lines(names, "e", first=2) == ["1. a", "2. b", "... 5. e"]
    assert list_lines(names, "z") == ["1. a", "2. b", "3. c"]
    assert list_lines([], "z") == []


def test_every_list_is_drawn_once():
    figure, ax = plt.subplots()
    draw_search(ax, "why?", [["a", "b"], ["b", "c"], ["b", "a"]], "b")
    texts = "\n".join(text.get_text() for text in ax.texts)
    assert "why?" in texts
    assert [texts.count(f"{title}\n") for title in LIST_NAMES] == [1, 1, 1]
    assert texts.count("1. b") == 2
    plt.close(figure)


def test_two_lists_are_not_enough():
    figure, ax = plt.subplots()
    with pytest.raises(ValueError, match="wanted three lists .*, got 2"):
        draw_search(ax, "why?", [["a"], ["b"]], "a")
    plt.close(figure)


def test_page_says_what_neither_list_has_first_comes_first():
    corpus = docstring_corpus()
    question = "the middle one of the sorted numbers, leaving out missing ones"
    words, meaning = search_both(corpus, [question])[0]
    name = [corpus[n].name for n in fuse([words, meaning])]
    assert name[0] == "numpy.nanmedian"
    for ranking in (words, meaning):
        assert "numpy.nanmedian" in [corpus[n].name for n in ranking[1:20]]
