import random

import pytest
from tokenizers import Tokenizer, models, trainers

from snippets.model.bpe import PIECES, decode, encode, glue, train_bpe
from snippets.tools.texts import read_play

TORTURE = [
    "",
    " ",
    "a",
    "aaaa",
    "\x00\xff",
    "na\u00efve \U0001f600",
    "\ud800 alone",
    "\r\n\t  x",
    "_ __",
]


def test_glue_by_hand():
    assert glue([1, 2, 1, 2, 3], (1, 2), 9) == [9, 9, 3]
    assert glue([1, 1, 1], (1, 1), 9) == [9, 1]
    assert glue([], (1, 1), 9) == []


def test_a_famous_example_by_hand():
    a, b, c, d = b"abcd"
    assert train_bpe("aaabdaaabac", 258) == [(a, a), (a, b)]
    assert encode("aaabdaaabac", [(a, a), (256, a), (257, b)]) == [258, d, 258, a, c]


def library_merges(text, vocab_size):
    """Train the tokenizers library on the same pieces, each byte b written as character 256 + b."""
    alphabet = [chr(256 + byte) for byte in range(256)]
    library = Tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=alphabet, show_progress=False
    )
    pieces = ["".join(alphabet[byte] for byte in p.encode()) for p in PIECES.findall(text)]
    library.train_from_iterator(pieces, trainer)
    vocabulary = library.get_vocab()
    made = sorted(vocabulary, key=vocabulary.__getitem__)[256:]
    return ["".join(chr(ord(letter) - 256) for letter in token).encode("latin-1") for token in made]


def test_every_merge_agrees_with_the_tokenizers_library_ties_included():
    text, meaning = read_play("macbeth"), [bytes([byte]) for byte in range(256)]
    for left, right in train_bpe(text, 512):
        meaning.append(meaning[left] + meaning[right])
    assert meaning[256:] == library_merges(text, 512)
    assert len(meaning) == 512


def test_each_merge_is_the_most_frequent_pair_of_its_time():
    text = "she sells sea shells by the sea shore " * 3
    merges = train_bpe(text, 256 + 12)
    for index, merge in enumerate(merges):
        words = [encode(word, merges[:index]) for word in _words(text)]
        pairs = [pair for ids in words for pair in zip(ids, ids[1:], strict=False)]
        assert pairs.count(merge) == max(map(pairs.count, set(pairs)))


def _words(text):
    first, *rest = text.strip().split(" ")
    return [first, *(" " + word for word in rest)]


def test_every_text_comes_back_unchanged():
    merges = train_bpe(read_play("hamlet")[:20_000], 320)
    draw = random.Random(0)
    noise = ["".join(chr(draw.randrange(0x11000)) for _ in range(97)) for _ in range(53)]
    for text in [*TORTURE, *noise, read_play("macbeth")[:5000]]:
        assert decode(encode(text, merges), merges) == text
        assert decode(encode(text, []), []) == text


def test_fewer_merges_are_a_prefix_of_more():
    text = read_play("hamlet")[:20_000]
    assert train_bpe(text, 300) == train_bpe(text, 320)[:44]


def test_a_short_text_ends_early():
    assert train_bpe("ab", 999) == [(97, 98)]
    assert train_bpe("", 300) == []


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least 256 entries, got 255"):
        train_bpe("text", 255)
    with pytest.raises(ValueError, match="between 0 and 255"):
        decode([256], [])


def test_bytes_that_are_no_text_become_a_sign():
    assert decode([0xE4, 0xBD], []) == "\ufffd"
