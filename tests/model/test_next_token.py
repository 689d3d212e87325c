import pytest
import torch

from snippets.model.next_token import BEGINNINGS, top_tokens
from snippets.model.smollm2 import load
from tests.shapes import check_shapes


@pytest.fixture(scope="module")
def real():
    return load()


def test_agrees_with_a_plain_sort(real):
    model, tokenizer = real
    text = "I put the book on the"
    with torch.no_grad():
        chances = model(torch.tensor([tokenizer.encode(text)]))[0, -1].double().softmax(-1)
    expected = sorted(enumerate(chances.tolist()), key=lambda pair: -pair[1])[:7]
    found, _ = check_shapes(top_tokens, model, tokenizer, text, 7)
    assert [name for name, _ in found] == [tokenizer.decode([i]) for i, _ in expected]
    for (_, chance), (_, other) in zip(found, expected, strict=True):
        assert chance == pytest.approx(other, abs=1e-5)


def test_page_says_one_beginning_is_easy_and_one_is_open(real):
    easy, hard = (top_tokens(*real, text) for text in BEGINNINGS)
    assert easy[0][0] == " Paris"
    assert easy[0][1] > 0.6
    assert hard[0][1] < 0.15
    assert sum(p for _, p in hard) < 0.4


def test_all_of_them_add_up_to_one(real):
    everything = top_tokens(*real, "The", real[0].config.vocab_size)
    assert sum(p for _, p in everything) == pytest.approx(1, abs=1e-4)
    assert min(p for _, p in everything) > 0


def test_an_empty_text_is_refused(real):
    with pytest.raises(ValueError, match="at least one token"):
        top_tokens(*real, "")
