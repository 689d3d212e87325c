import pytest
import torch

from sitebuild.book import Book
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.batch_size import machine_rates, step_seconds


def small():
    sizes = {"n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    return Transformer(TransformerConfig(23, d_model=16, context=32, **sizes))


def test_as_many_steps_as_asked_for_each_with_one_token_of_every_text(monkeypatch):
    model, seen = small(), []
    forward = Transformer.forward

    def watch(self, ids, cache=None, readable=None):
        seen.append((tuple(ids.shape), cache.length))
        return forward(self, ids, cache, readable)

    monkeypatch.setattr(Transformer, "forward", watch)
    seconds = step_seconds(model, (5, 2), read=7, times=2)
    assert seconds.keys() == {5, 2}
    assert all(0 < took < 5 for took in seconds.values())
    assert seen == [((5, 1), 7), ((2, 1), 7), ((5, 1), 8), ((2, 1), 8)]  # in turns


def test_rates_are_of_this_world():
    flops, bandwidth = machine_rates()
    assert 1e9 < flops < 1e14
    assert 1e8 < bandwidth < 1e13


def test_no_text_is_refused():
    with pytest.raises(ValueError, match=r"got \[4, 0\] and 3"):
        step_seconds(small(), (4, 0))


def test_page_says_a_batch_writes_many_times_as_much():
    values = Book().result("training.batch_size")["values"]
    by = {row["batch"]: row for row in values["rows"]}
    assert values["gain"] > 4
    assert by[32]["speed"] > 2 * by[4]["speed"] > 2 * by[1]["speed"]
    assert by[128]["speed"] < 2 * by[64]["speed"]  # past the knee, twice the users is not twice
    assert 4 < values["knee"] < 130
    assert torch.tensor([row["ms"] for row in values["rows"]]).argmin() < 4
