import unicodedata
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from snippets.model.minilm import find_minilm, load_minilm_parts
from snippets.model.wordpiece import WordPiece, bert_words
from snippets.tools.texts import read_plays

NASTY = [
    "",
    "   \t\n ",
    "naïve Café RÉSUMÉ Ångström İstanbul",
    "ΣΊΣΥΦΟΣ und Straße",
    "don't-stop: it's $5.00 + tax ~ok `x` ^_^ a|b <c>",
    "日本語 and 漢字mixed한국어",
    "emoji 😀👍🏽 and flags 🇫🇷",
    "zero\u200bwidth, soft\u00adhyphen, nul\x00byte, \ufffd, bell\x07",
    "x" * 101 + " " + "y" * 100,
    "ﬁne ﬂight №5 ½ ² ①",
    "العربية עברית हिन्दी ไทย",
    "http://example.com/a?b=c&d=e#f",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "“quotes” – dashes — … and \u3000wide spaces\u2003here",
]
DOCUMENTS = NASTY + [
    text[1000 * n : 1000 * n + 700] for text in read_plays().values() for n in (1, 2)
]


@pytest.fixture(scope="module")
def theirs():
    tokenizer = Tokenizer.from_file(str(Path(find_minilm(), "tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    return tokenizer


@pytest.fixture(scope="module")
def ours():
    return load_minilm_parts()[0]


def test_ids_are_those_of_the_tokenizers_library(ours, theirs):
    assert len(DOCUMENTS) >= 60
    for text in DOCUMENTS:
        assert ours.encode(text) == theirs.encode(text).ids, text[:60]


def test_every_character_of_unicode_3(ours, theirs):
    """What was added or sorted anew later differs between tables of different age."""
    known = unicodedata.ucd_3_2_0
    symbols = [c for c in map(chr, range(0x11000)) if known.category(c) not in ("Cn", "Cs")]
    symbols = [c for c in symbols if known.category(c) == unicodedata.category(c)]
    for first in range(0, len(symbols), 60):
        text = " a".join(symbols[first : first + 60])
        assert ours.encode(text) == theirs.encode(text).ids, hex(ord(symbols[first]))


def test_a_written_special_token_is_only_text(ours):
    assert ours.tokens("[SEP]") == ["[CLS]", "[", "sep", "]", "[SEP]"]


def test_the_end_of_a_long_text_is_lost(ours):
    assert len(ours.encode("word " * 999)) == 256
    assert len(ours.encode("word " * 999, None)) == 1001
    assert ours.encode("word " * 999)[-1] == ours.sep_id


def test_what_no_piece_fits_is_unknown(ours):
    assert ours.tokens("a ☃ b") == ["[CLS]", "a", "[UNK]", "b", "[SEP]"]
    assert bert_words("Don't") == ["don", "'", "t"]


def test_bad_input_is_refused(ours):
    with pytest.raises(TypeError, match=r"wanted a text \(str\), got int: 7"):
        ours.encode(7)
    with pytest.raises(ValueError, match=r"it lacks \['\[PAD\]', '\[UNK\]', '\[CLS\]'\]"):
        WordPiece(["a", "[SEP]"])
