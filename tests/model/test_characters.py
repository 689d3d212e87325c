import pytest

from snippets.model.characters import Characters, play_ids, play_texts


def test_any_play_comes_back():
    train, held_out = play_texts()
    characters, train_ids, held_out_ids = play_ids()
    assert characters.decode(held_out_ids[:9000].tolist()) == held_out[:9000]
    assert characters.encode(train[-5000:]) == train_ids[-5000:].tolist()
    assert (len(train_ids), len(held_out_ids)) == (len(train), len(held_out))


def test_ids_follow_the_order_of_unicode():
    assert Characters("banana").symbols == ["a", "b", "n"]
    assert Characters("banana").encode("nab") == [2, 0, 1]


def test_an_unknown_character_is_named():
    with pytest.raises(ValueError, match="cannot write 'x'; the characters are 'abn'"):
        Characters("banana").encode("xa")


def test_page_says_five_percent_in_whole_plays_are_held_out():
    train, held_out = play_texts()
    assert 0.045 < len(held_out) / (len(train) + len(held_out)) < 0.055
    assert "ROMEO" in held_out
    assert "ROMEO" not in train
    speeches = {line for line in train.split("\n") if len(line) > 40}
    lines = [line for line in held_out.split("\n") if len(line) > 40]
    assert sum(line in speeches for line in lines) < 0.001 * len(lines)
