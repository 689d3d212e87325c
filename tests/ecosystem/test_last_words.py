import pytest

from sitebuild.book import Book
from snippets.ecosystem.family import spoken_words
from snippets.ecosystem.last_words import SHOWN_WORDS, set_in_type


def test_by_hand():
    assert set_in_type(["who's", "there", "?", "nay", ",", "answer"]) == "who's there? nay, answer"


def test_reading_it_again_gives_the_same_words():
    words = ["my", "lord", ",", "i", "know", "not", ".", ";", "no", "!"]
    assert spoken_words(set_in_type(words)) == words


def test_page_says_four_pages_of_equal_length():
    pages = Book().result("ecosystem.last_words")["values"]["pages"]
    assert list(pages) == ["founder", "replace", "pile up", "filter"]
    assert {len(spoken_words(page)) for page in pages.values()} == {SHOWN_WORDS}


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="a word or more to set in type"):
        set_in_type([])
