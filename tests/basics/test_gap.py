import pytest
import torch

from snippets.basics.gap import GAP_SENTENCE, GAP_WORDS, word_shares
from snippets.model.smollm2 import load


def test_agrees_with_the_chances_of_the_next_token():
    model, tokenizer = load()
    with torch.no_grad():
        chances = model(torch.tensor([tokenizer.encode("The")]))[0, -1].softmax(-1)
    tokens = [tokenizer.encode(word) for word in GAP_WORDS]
    assert all(len(ids) == 1 for ids in tokens)
    each = torch.stack([chances[ids[0]] for ids in tokens])
    expected = (each / each.sum()).tolist()
    assert word_shares(model, tokenizer, "The", GAP_WORDS) == pytest.approx(expected, rel=1e-3)


def test_page_says_what_stands_behind_the_gap_decides():
    model, tokenizer = load()
    before, after = GAP_SENTENCE
    ahead = dict(zip(GAP_WORDS, word_shares(model, tokenizer, before, GAP_WORDS), strict=True))
    filled = word_shares(model, tokenizer, before, GAP_WORDS, after)
    filled = dict(zip(GAP_WORDS, filled, strict=True))
    assert max(ahead, key=ahead.get) == " baby"
    assert ahead[" dog"] < 0.2
    assert filled[" dog"] > 0.6
    assert sum(filled.values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("before", "words"), [("", (" a",)), ("The", ())])
def test_nothing_before_the_gap_is_refused(before, words):
    with pytest.raises(ValueError, match="a text before the gap and words"):
        word_shares(*load(), before, words)
