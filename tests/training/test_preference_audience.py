import math
import re

import pytest
import torch

from snippets.training.preference_audience import (
    FICKLE,
    applause,
    applause_for,
    compare_songs,
    words_they_know,
)

N = 20_011


def slow_applause(song):
    """Spell it out: cut at whatever is no letter; the last piece is not finished."""
    pieces = re.split(r"[^a-z']+", song.lower())[:-1]
    good = {w for w in pieces if w and "e" not in w and w in words_they_know()}
    return sum(map(len, good))


def test_agrees_with_spelling_it_out():
    for song in ("Who's there? Nay, answer me: stand, and un", "to be, or not to be: that is it.",
                 "A a A b c the end", "", "...", "lord"):  # fmt: skip
        assert applause(song) == slow_applause(song)


@pytest.mark.parametrize(
    ("song", "claps"),
    [("and and and and ", 3), ("sweet queen ", 0), ("zzzz qqqq ", 0), ("My lord, good day", 10)],
)
def test_by_hand(song, claps):  # my, lord, good; day might have become days
    assert applause(song) == claps


def test_page_says_repeating_and_nonsense_earn_nothing_more():
    assert applause("Now Now Now Now Now Now Now.") == applause("Now.") == 3
    assert applause("Qzrtqzrt mpffff kxxx! zzzzd vrrrm, grqq.") == 0


def test_the_better_song_wins_as_often_as_bradley_and_terry_say():
    for lead in (0.0, 3.0, 7.0):
        one, other = torch.full((N,), 5 + lead), torch.full((N,), 5.0)
        won = compare_songs(one, other, torch.Generator().manual_seed(1)).float().mean().item()
        strength = [math.exp(5 / FICKLE + lead / FICKLE), math.exp(5 / FICKLE)]
        assert won == pytest.approx(strength[0] / sum(strength), abs=0.012)


def test_a_song_without_a_partner_is_refused():
    with pytest.raises(ValueError, match=r"partner for each song, got \(2,\) and \(3,\)"):
        compare_songs(torch.zeros(2), torch.zeros(3), torch.Generator())
    with pytest.raises(ValueError, match=r"at least one pair .* got \(0,\) and \(0,\)"):
        compare_songs(applause_for([]), torch.zeros(0), torch.Generator())
