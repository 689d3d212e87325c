import random
from itertools import permutations

import pytest

from snippets.model.toy_language import (
    NEVER_TRAINED,
    NOUNS,
    draw_pair,
    make_pair,
    moved_words,
    noun_phrase,
    toy_corpus,
    word_by_word,
)

DICTIONARY = {  # written by hand: what each English word can stand for
    "the": {"der", "die", "das", "den", "dem", "im"},
    "a": {"ein", "eine", "einen", "einem"},
    "big": {"große", "großer", "großes", "großen"},
    "red": {"rote", "roter", "rotes", "roten"},
    "small": {"kleine", "kleiner", "kleines", "kleinen"},
    "bite": {"gebissen"}, "bit": {"gebissen"}, "read": {"gelesen"}, "paint": {"gemalt"},
    "painted": {"gemalt"}, "see": {"gesehen"}, "saw": {"gesehen"}, "look": {"gesucht"},
    "looked": {"gesucht"}, "for": {"gesucht"}, "did": {"nicht"}, "not": {"nicht"},
    "I": {"ich"}, "we": {"wir"}, "he": {"er"}, "she": {"sie"}, "they": {"sie"},
    "in": {"im"}, "beside": {"neben"}, "behind": {"hinter"}, "yesterday": {"gestern"},
    "today": {"heute"}, "garden": {"Garten"}, "house": {"Haus"}, "man": {"Mann"},
    "dog": {"Hund"}, "cook": {"Koch"}, "woman": {"Frau"}, "cat": {"Katze"}, "child": {"Kind"},
    "letter": {"Brief"}, "soup": {"Suppe"}, "book": {"Buch"},
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn():
    chance = random.Random(7)
    return [draw_pair(chance) for _ in range(3000)]


@pytest.mark.parametrize(
    ("made", "german", "english", "partners"),
    [
        (make_pair("the Hund", "gebissen", "the Mann", "hit"),
         "den Mann hat der Hund gebissen", "the dog bit the man", (3, 4, 5, 0, 1)),
        (make_pair("ich habe", "gelesen", "the Buch", "when", "gestern"),
         "gestern habe ich das Buch gelesen", "yesterday I read the book", (0, 2, 5, 3, 4)),
        (make_pair("a small Kind", "gesucht", "a red Brief", "actor", "heute", "im Haus", True),
         "ein kleines Kind hat heute einen roten Brief nicht im Haus gesucht",
         "a small child did not look for a red letter in the house today",
         (0, 1, 2, 8, 8, 11, 11, 5, 6, 7, 9, 9, 10, 4)),
        (make_pair("a big Koch", "gesehen", "a big Frau", where="neben einem Garten"),
         "ein großer Koch hat eine große Frau neben einem Garten gesehen",
         "a big cook saw a big woman beside a garden", (0, 1, 2, 10, 4, 5, 6, 7, 8, 9)),
    ],
)  # fmt: skip
def test_agrees_with_sentences_worked_out_by_hand(made, german, english, partners):
    assert (" ".join(made.german), " ".join(made.english)) == (german, english)
    assert made.partners == partners


def test_every_partner_stands_in_a_dictionary(drawn):
    for pair in drawn:
        for word, place in zip(pair.english, pair.partners, strict=True):
            assert pair.german[place] in DICTIONARY[word]
        alone = {pair.german[i] for i in set(range(len(pair.german))) - set(pair.partners)}
        assert len(alone) == 1
        assert alone < {"habe", "hat", "haben"}
    assert {word for pair in drawn for word in pair.english} == set(DICTIONARY)


def test_one_german_sentence_means_one_thing(drawn):
    meanings = {}
    for pair in drawn:
        assert meanings.setdefault(pair.german, pair) == pair


def test_who_is_hit_comes_first_only_where_an_ending_says_so(drawn):
    phrases = [f"{article} {noun}" for article in ("the", "a") for noun in NOUNS]
    unclear = {
        make_pair(a, "gesehen", b, "hit").german[:-1]
        for a, b in permutations(phrases, 2)
        if make_pair(a, "gesehen", b, "hit").german == make_pair(b, "gesehen", a).german
    }
    assert ("die", "Frau", "hat", "das", "Kind") in unclear
    assert ("den", "Mann", "hat", "der", "Hund") not in unclear
    hit_first = [p.german for p in drawn if p.partners[0] > 1]
    assert len(hit_first) > 300
    assert not any(german[:5] in unclear for german in hit_first)


def test_held_out_sentences_are_unseen():
    lessons, exam = toy_corpus(500, 101)
    assert (len(lessons), len(exam)) == (500, 101)
    assert len({pair.german for pair in lessons + exam}) == 601
    assert not any(set(pair.german) >= NEVER_TRAINED for pair in lessons + exam)


def test_moved_means_that_lines_cross():
    assert moved_words((0, 1, 2)) == [False, False, False]
    assert moved_words((1, 0, 2, 2)) == [True, True, False, False]
    assert moved_words((0, 3, 1)) == [False, True, True]


def test_page_says_word_by_word_cannot_tell_who_bit():
    dog, man = (
        make_pair("the Hund", "gebissen", "the Mann", "hit"),
        make_pair("the Mann", "gebissen", "the Hund"),
    )
    assert word_by_word(dog.german) == word_by_word(man.german) == "the man has the dog bitten"
    assert dog.english != man.english


def test_an_unknown_noun_is_refused():
    with pytest.raises(ValueError, match="got 'the Wolf'"):
        noun_phrase("the Wolf", "acts")
