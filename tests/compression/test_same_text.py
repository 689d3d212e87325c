import math

import pytest
import torch

from snippets.compression.same_text import Referee, fixed_rows, token_windows
from snippets.model.smollm2 import load
from snippets.tools.perplexity import perplexity


def table(seed):
    """A model that looks at one token only: a table of logits, `(7, 7)`."""
    logits = torch.randn(7, 7, generator=torch.Generator().manual_seed(seed))
    return lambda ids: logits[ids]


ROWS = torch.tensor([[1, 2, 3, 4, 5, 6], [0, 0, 6, 5, 3, 1]])


def test_agrees_with_sums_by_hand():
    original, other = table(0), table(1)
    verdict = Referee(original, ROWS).verdict(other)
    losses, divergences, same = [], [], []
    for row in ROWS.tolist():
        for now, then in zip(row, row[1:], strict=False):
            p = original(torch.tensor(now)).double().softmax(0)
            q = other(torch.tensor(now)).double().softmax(0)
            losses.append(-math.log(q[then]))
            divergences.append(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
            same.append(p.argmax() == q.argmax())
    assert verdict["perplexity"] == pytest.approx(math.exp(sum(losses) / 10), rel=1e-5)
    assert verdict["divergence"] == pytest.approx(float(sum(divergences)) / 10, rel=1e-4)
    assert verdict["same"] == pytest.approx(sum(same) / 10)
    assert verdict["play"] == pytest.approx(perplexity(other, ROWS[0]), rel=1e-5)
    assert verdict["manual"] == pytest.approx(perplexity(other, ROWS[1]), rel=1e-5)


def test_the_original_does_not_stray_from_itself():
    verdict = Referee(table(0), ROWS).verdict(table(0))
    assert verdict["divergence"] == pytest.approx(0, abs=1e-6)
    assert verdict["same"] == 1


def test_the_texts_are_read_from_their_beginnings_and_a_short_one_is_refused():
    _, tokenizer = load()
    play, manual = fixed_rows(tokenizer, 32).tolist()
    assert "Hamlet" in tokenizer.decode(play)
    assert "convolution" in tokenizer.decode(manual)
    with pytest.raises(ValueError, match="wanted 20 tokens, the text has 5"):
        token_windows(tokenizer, "one two three four five", 2, 10)
