import re

import pytest

from snippets.basics.terminology import Term, check_glossary, letters_fit
from snippets.model.smollm2 import load

FINE = Term("GPT", "A model that writes.", 1, "of it", "generative pre-trained transformer")


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("LLM", "large language model"),
        ("GPT", "generative pre-trained transformer"),
        ("RAG", "retrieval-augmented generation"),
        ("MCP", "model context protocol"),
        ("RLHF", "reinforcement learning from human feedback"),
        ("MLA", "multi-head latent attention"),
        ("BERT", "bidirectional encoder representations from transformers"),
    ],
)
def test_letters_that_fit(letters, words):
    assert letters_fit(letters, words)
    assert not letters_fit(letters[:-1], words)
    assert not letters_fit(letters[::-1], words)


@pytest.mark.parametrize(
    ("letters", "words"),
    [("LLM", "language model models"), ("RAG", "random answer generators and more")],
)
def test_page_says_these_do_not_fit(letters, words):
    assert not letters_fit(letters, words)


def test_page_says_letters_are_not_truth():
    assert letters_fit("GPT", "general purpose technology")


def test_agrees_with_initials_taken_by_hand():
    words = "large language model"
    assert "".join(re.findall(r"\b\w", words)) == "llm"


@pytest.mark.parametrize(
    ("spoiled", "complaint"),
    [
        ([FINE, FINE], "'GPT' stands there twice"),
        ([Term("LLM", "A model.", 1, "", "language model models")], "LLM cannot stand for"),
        ([Term("token", "A piece. Of text.", 1, "")], "token: wanted one sentence"),
        ([Term("token", "a piece", 1, "")], "token: wanted one sentence"),
    ],
)
def test_a_bad_entry_is_found(spoiled, complaint):
    check_glossary([FINE])
    with pytest.raises(ValueError, match=complaint):
        check_glossary(spoiled)


def test_page_says_what_our_model_holds():
    model, tokenizer = load()
    assert sum(weight.numel() for weight in model.parameters()) == 134_515_008
    assert model.config.context == 8192
    assert len(tokenizer.encode("unbelievable")) > 1
