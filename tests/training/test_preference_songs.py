import pytest
import torch

from sitebuild.book import Book
from snippets.model.characters import play_texts
from snippets.model.tiny import load_tiny
from snippets.tools.threads import with_threads
from snippets.training.preference_songs import (
    CUE,
    SONG_LENGTH,
    demonstrations,
    load_singer,
    song_log_probs,
    songs_as_text,
    train_singer,
    write_songs,
)

B = 3


@pytest.fixture(scope="module")
def tiny():
    return load_tiny()


def test_agrees_with_asking_for_one_character_at_a_time(tiny):
    model, characters = tiny
    songs = demonstrations(characters, play_texts()[1])[:B]
    with torch.no_grad():
        told = song_log_probs(model, songs)
        assert told.shape == (B, SONG_LENGTH)
        for row in range(B):
            for place in (0, 1, SONG_LENGTH - 1):
                read = songs[row : row + 1, : len(CUE) + place]
                chances = model(read)[0, -1].softmax(-1)
                expected = chances[songs[row, len(CUE) + place]].log()
                torch.testing.assert_close(told[row, place], expected, atol=1e-4, rtol=1e-4)


def test_the_cue_is_read_and_not_judged(tiny):
    model, characters = tiny
    songs = demonstrations(characters, play_texts()[1])[:B]
    told = song_log_probs(model, songs)
    (slope,) = torch.autograd.grad(told.sum(), model.embed)
    assert slope.abs().sum() > 0
    other = songs.clone()
    other[:, 0] = characters.encode("B")[0]  # Bing!
    with torch.no_grad():
        assert not torch.equal(song_log_probs(model, other), told)


def test_songs_repeat_and_come_after_the_cue(tiny):
    model, characters = tiny
    one, two = (
        write_songs(model, characters, B, torch.Generator().manual_seed(7)) for _ in range(2)
    )
    assert torch.equal(one, two)
    assert one.shape == (B, len(CUE) + SONG_LENGTH)
    assert {characters.decode(row[: len(CUE)].tolist()) for row in one} == {CUE}
    assert [len(song) for song in songs_as_text(characters, one)] == [SONG_LENGTH] * B


def test_one_lesson_makes_what_was_shown_likelier(tiny):
    model, characters = load_tiny()
    shown = demonstrations(characters, play_texts()[0])[:32]
    with with_threads(1):
        losses = train_singer(model, shown, steps=5)
    assert losses[-1] < losses[0]


def test_page_says_it_learns_the_form():
    rows = Book().result("training.preference_songs")["values"]["rows"]
    assert rows[1]["verse"] > rows[0]["verse"] + 40
    assert rows[1]["verse"] > 85
    assert rows[1]["loss"] < rows[0]["loss"]


def test_the_singer_is_not_tiny_any_more():
    singer, _ = load_singer()
    assert not torch.equal(singer.embed, load_tiny()[0].embed)


def test_a_song_without_a_cue_is_refused(tiny):
    with pytest.raises(ValueError, match=rf"a cue and {SONG_LENGTH} characters, got \(3, 40\)"):
        song_log_probs(tiny[0], torch.zeros(B, SONG_LENGTH, dtype=torch.int64))
