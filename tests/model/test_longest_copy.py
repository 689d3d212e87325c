from difflib import SequenceMatcher

from snippets.model.characters import play_texts
from snippets.model.longest_copy import longest_copy
from snippets.model.tiny import RECIPE
from snippets.model.tiny_writes import write_after


def test_it_is_pythons_longest_match():
    source, text = "to be or not to be that is the question", "is that the question to be asked"
    match = SequenceMatcher(None, text, source, autojunk=False).find_longest_match()
    assert longest_copy(text, source) == text[match.a : match.a + match.size] == " the question"


def test_nothing_in_common_is_empty():
    assert longest_copy("abc", "xyz") == longest_copy("", "xyz") == longest_copy("abc", "") == ""
    assert longest_copy("abc", "xabcx") == "abc"


def test_page_says_tiny_copies_no_sentence():
    source = play_texts()[0]
    for seed in range(3):
        assert len(longest_copy(write_after(RECIPE.steps, "HAMLET\n", 120, seed)[7:], source)) < 40
