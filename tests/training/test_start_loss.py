import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from sitebuild.book import Book
from snippets.model.tiny import new_tiny
from snippets.training.start_loss import foretold_start_loss, loss_at_start

B, T, V = 7, 61, 53


@pytest.fixture
def ids():
    return torch.randint(V, (B, T + 1))


def test_at_the_usual_scale_it_is_the_model_itself(ids):
    with torch.no_grad():
        logits = new_tiny(V, 3)(ids[:, :-1])
    expected = cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten()).item()
    assert loss_at_start(0.02, ids, V, 3) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("size", [2, 97, 5003])
def test_nearly_no_weights_are_a_die(size):
    ids = torch.randint(size, (B, T + 1))
    assert loss_at_start(1e-4, ids, size, 0) == pytest.approx(math.log(size), abs=1e-3)


def test_the_formula_is_the_mean_over_gaussian_logits():
    width, std, size = 64, 0.1, 1009
    logits = torch.randn(2000, size) * (width**0.5 * std)
    loss = cross_entropy(logits, torch.randint(size, (2000,))).item()
    assert foretold_start_loss(std, size, width) == pytest.approx(loss, abs=0.05)


def test_page_says_small_is_a_die_and_large_is_far_above():
    values = Book().result("training.start_loss")["values"]
    rows, blind = values["start_rows"], values["blind"]
    assert rows[0]["loss"] == pytest.approx(blind, abs=0.1)
    assert rows[1]["loss"] == pytest.approx(rows[1]["small"], abs=0.15)
    assert rows[2]["loss"] == pytest.approx(rows[2]["small"], abs=0.5)
    assert rows[3]["low"] > 4 * blind
    losses = [row["loss"] for row in rows]
    assert losses == sorted(losses)


def test_no_scale_is_refused(ids):
    with pytest.raises(ValueError, match="wanted a standard deviation above 0, got 0"):
        loss_at_start(0, ids, V, 0)
