import pytest

from snippets.model.characters import play_texts
from snippets.model.tiny import RECIPE
from snippets.model.tiny_writes import write_after


def known_words(text):
    words = set(play_texts()[0].split())
    written = text.split()[1:-1]  # the prompt and a word that may have been cut
    return sum(word in words for word in written) / max(len(written), 1)


def test_the_same_seed_writes_the_same_and_another_one_something_else():
    assert write_after(RECIPE.steps, "O ", 40) == write_after(RECIPE.steps, "O ", 40)
    assert write_after(RECIPE.steps, "O ", 40) != write_after(RECIPE.steps, "O ", 40, seed=1)
    assert len(write_after(RECIPE.steps, "O ", 40)) == 42


def test_page_says_it_learns_to_write_words():
    share = {
        steps: sum(known_words(write_after(steps, "HAMLET\n", 110, seed)) for seed in range(3)) / 3
        for steps in (0, RECIPE.steps)
    }
    assert share[0] < 0.2
    assert share[RECIPE.steps] > 0.6


def test_page_says_lines_get_the_length_of_verse():
    text = "".join(write_after(RECIPE.steps, "HAMLET\n", 120, seed) for seed in range(4))
    assert 15 < sum(map(len, text.split("\n"))) / len(text.split("\n")) < 60


def test_an_unknown_character_is_refused():
    with pytest.raises(ValueError, match="cannot write"):
        write_after(RECIPE.steps, "être", 10)
