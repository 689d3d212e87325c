from functools import cache

import pytest

from snippets.basics.unseen_triples import plain_words, unseen_share
from snippets.model.characters import play_texts


@cache
def words():
    return [plain_words(text) for text in play_texts()]


def test_a_case_by_hand():
    known, fresh = plain_words("To be, or not to be"), plain_words("to be or to not be")
    assert unseen_share(known, fresh, 1) == 0
    assert unseen_share(known, fresh, 2) == 3 / 5  # "or to", "to not" and "not be"
    assert unseen_share(known, fresh, 3) == 3 / 4  # all but "to be or"


def test_a_text_has_seen_itself_and_nothing_has_seen_nothing():
    fresh = words()[1][:997]
    assert unseen_share(fresh, fresh, 3) == 0
    assert unseen_share([], fresh, 1) == 1


def test_page_says_four_out_of_five_triples_are_new_even_after_all_plays():
    train, held_out = words()
    assert 0.75 < unseen_share(train, held_out, 3) < 0.85
    assert unseen_share(train, held_out, 1) < 0.05
    assert unseen_share(train[:10_000], held_out, 3) > 0.95


def test_a_length_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="wanted a length of 1 to 2, got 3"):
        unseen_share(["a"], ["b", "c"], 3)
