import pytest

from snippets.model.bpe import train_bpe
from snippets.model.tokenizer import bytes_per_token
from snippets.tools.texts import read_play


def test_without_merges_a_token_is_a_byte():
    assert bytes_per_token("caf\u00e9", []) == 1.0


def test_by_hand():
    a, b = b"ab"
    assert bytes_per_token("abab", [(a, b)]) == 2.0
    assert bytes_per_token("abc", [(a, b)]) == 1.5


@pytest.fixture(scope="module")
def curve():
    merges = train_bpe(read_play("hamlet"), 512)
    sizes = (256, 384, 512)
    texts = {name: read_play(name) for name in ("hamlet", "macbeth")}
    return {n: [bytes_per_token(t, merges[: s - 256]) for s in sizes] for n, t in texts.items()}


def test_page_says_more_symbols_pack_more_ever_less_so(curve):
    for start, middle, end in curve.values():
        assert middle - start > 1.3 * (end - middle) > 0


def test_page_says_a_text_it_learned_from_packs_better(curve):
    assert curve["hamlet"][2] > 1.03 * curve["macbeth"][2]


def test_an_empty_text_has_no_tokens():
    with pytest.raises(ZeroDivisionError):
        bytes_per_token("", [])
