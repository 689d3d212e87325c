import pytest
import torch

from sitebuild.book import Book
from snippets.inference.pipeline_parallel import layers_of, pipeline_parallel
from snippets.inference.ranks import run_ranks
from snippets.model.generate import generate
from snippets.model.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(23, 20, 5, 6, 3, 4, 15, context=40)


@torch.no_grad()
def line_and_alone(wire):
    """Compare a line of ranks with the whole model, in every rank."""
    torch.manual_seed(5)
    model, ids = Transformer(CONFIG).eval(), torch.arange(14).view(2, 7) % 23
    mine = pipeline_parallel(model, wire)
    logits = mine(ids)
    carried = [wire.carried(kind) for kind in ("send", "receive", "broadcast")]
    same = torch.equal(generate(mine, ids, 9), generate(model, ids, 9))
    return wire.gather([torch.equal(logits, model(ids)), same, carried, mine.config.n_layers])


@pytest.mark.parametrize("world", [1, 3])
def test_agrees_to_the_last_digit_in_every_rank(world):
    stream = 2 * 7 * 20 * 4
    rows = run_ranks(line_and_alone, world)
    for rank, (logits, text, carried, _) in enumerate(rows):
        assert logits
        assert text
        assert carried == [stream * (rank < world - 1), stream * (rank > 0), stream]
    assert sum(layers for *_, layers in rows) == 5


@pytest.mark.parametrize(("layers", "ranks"), [(30, 3), (5, 3), (7, 7), (11, 1)])
def test_every_layer_is_dealt_out_once_and_evenly(layers, ranks):
    hands = [layers_of(layers, rank, ranks) for rank in range(ranks)]
    assert [layer for hand in hands for layer in hand] == list(range(layers))
    assert max(map(len, hands)) - min(map(len, hands)) <= 1


@pytest.mark.parametrize("ranks", [0, 6])
def test_ranks_without_a_layer_are_refused(ranks):
    with pytest.raises(ValueError, match="wanted 1 to 5 ranks for 5 layers"):
        layers_of(5, 0, ranks)


def test_page_says_no_digit_differs_and_little_is_sent():
    values = Book().result("inference.pipeline_parallel")["values"]
    assert values["rows"][0]["gap"] == 0
    assert values["rows"][0]["same"] is True
    assert [row["sent"] for row in values["rows"]] == [values["expected"]] * 2 + [0]
    assert [row["held"] for row in values["rows"]] == [47, 47, 47]
    tensor = Book().result("inference.parallel")["values"]
    assert tensor["tokens"] == values["tokens"]
    assert tensor["ring"] == 80 * values["expected"]
