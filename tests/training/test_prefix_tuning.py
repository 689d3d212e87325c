import pytest

from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.training.prefix_tuning import FIRST_WORDS, VIRTUAL_TOKENS, first_ids


def test_the_start_is_the_instruction_as_often_as_it_fits():
    _, tokenizer = load()
    ids = first_ids(tokenizer)
    assert ids.shape == (VIRTUAL_TOKENS,)
    assert tokenizer.decode(ids.tolist()).startswith(FIRST_WORDS[:40])
    assert tokenizer.decode(first_ids(tokenizer, 50).tolist()).count("Write every sum") >= 2


def test_page_says_layers_beat_the_input_and_words_alone_do_nothing():
    values = Book().result("training.prefix_tuning")["values"]
    prefix, prompt = values["rows"]
    assert prefix["trainable"] == 20 * prompt["trainable"] == 230_400
    assert values["in_words"] == 0
    assert prefix["sums"] >= 24
    assert 4 <= prompt["sums"] <= prefix["sums"] - 5
    assert prefix["loss"] < prompt["loss"]


def test_no_virtual_token_is_refused():
    with pytest.raises(ValueError, match="at least 1 virtual token, got 0"):
        first_ids(load()[1], 0)
