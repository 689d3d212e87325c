import pytest
import torch

from sitebuild.book import Book
from snippets.inference.pass_cost import pass_cost, watch_pass
from snippets.model.facts_transformers import KNOWN_TRANSFORMERS
from snippets.model.transformer import Transformer, TransformerConfig

TOY = TransformerConfig(23, 14, 3, 4, 2, 6, 29, 64)
PASSES = [(1, 1, 0), (1, 1, 11), (5, 1, 7), (2, 13, 0), (3, 5, 17)]


@pytest.mark.parametrize(("batch", "new", "past"), PASSES)
@pytest.mark.parametrize("tied", [True, False])
def test_formula_equals_pytorchs_counter(batch, new, past, tied):
    c = TransformerConfig(23, 14, 3, 4, 2, 6, 29, 64, tied=tied)
    assert watch_pass(c, batch, new, past) == pass_cost(c, batch, new, past)["flops"]


@pytest.mark.parametrize("known", KNOWN_TRANSFORMERS, ids=lambda k: k.name)
def test_real_sizes_too(known):
    counted = watch_pass(known.config, 2, 1, 30)
    assert counted == pass_cost(known.config, 2, 1, 30)["flops"]


@pytest.mark.parametrize(("batch", "new", "past"), PASSES)
def test_bytes_equal_those_of_tensors(batch, new, past):
    model = Transformer(TOY)
    cost = pass_cost(TOY, batch, new, past)
    assert cost["weight_bytes"] == sum(w.nbytes for w in model.parameters())
    assert cost["cache_bytes"] == model.new_cache(batch, past + new).nbytes
    assert model.embed.dtype == torch.float32


def test_half_the_width_doubles_the_intensity():
    wide, narrow = (pass_cost(TOY, 3, 1, 7, width)["intensity"] for width in (4, 2))
    assert narrow == pytest.approx(2 * wide)


@pytest.mark.parametrize(
    "sizes", [(0, 1, 0, 4), (1, 0, 0, 4), (1, 1, -1, 4), (1, 1, 0, 0), (1, 1, 0, float("nan"))]
)
def test_nonsense_is_refused(sizes):
    with pytest.raises(ValueError, match="wanted a text and a token at least"):
        pass_cost(TOY, *sizes)
    if sizes[3] == 4:
        with pytest.raises(ValueError, match="wanted a text and a token at least"):
            watch_pass(TOY, *sizes[:3])


def test_page_says_two_p_and_a_little_more_and_no_difference_to_the_counter():
    values = Book().result("inference.pass_cost")["values"]
    one, many, prompt = values["rows"]
    assert values["worst"] == 0
    assert 1 < one["gigaflops"] / values["two_p"] < 1.2
    assert one["intensity"] < 1 < many["intensity"] < 12  # 64 texts, and not 64 times as much
    assert many["intensity"] < 20 * one["intensity"]
    assert prompt["intensity"] > 200
