import pytest
import torch
from torch.nn.functional import cosine_similarity

from sitebuild.book import Book
from snippets.compression.removed_parts import (
    keep_head_groups,
    keep_neurons,
    part_scores,
    without_layers,
)
from snippets.model.head_surgery import silenced
from snippets.model.transformer import Transformer, TransformerConfig

V, T, F = 23, 11, 28


def small():
    sizes = {"n_layers": 3, "n_heads": 6, "n_kv_heads": 3, "head_dim": 4, "d_ffn": F}
    model = Transformer(TransformerConfig(V, d_model=16, context=32, **sizes)).eval()
    for block in model.blocks:
        for weight in block.parameters():
            weight.data *= 5  # so that every part says something
    return model.requires_grad_(False)


def test_a_removed_layer_is_a_layer_that_adds_nothing():
    model, ids = small(), torch.randint(V, (2, T))
    shorter = without_layers(model, {1})
    assert len(shorter.blocks) == shorter.config.n_layers == 2
    assert shorter.embed.data_ptr() == model.embed.data_ptr()  # no copy
    said = shorter(ids)
    cached = shorter(ids, shorter.new_cache(2))
    torch.testing.assert_close(cached, said, rtol=1e-4, atol=1e-4)
    model.blocks[1].attention.out.weight.zero_()
    model.blocks[1].ffn.down.weight.zero_()
    assert torch.equal(said, model(ids))


def test_removed_heads_agree_with_silenced_ones_and_are_smaller():
    model, ids = small(), torch.randint(V, (2, T))
    with silenced(model, [(1, 2), (1, 3)]):  # both heads that share the second group of keys
        expected = model(ids)
    smaller = without_layers(model, set())
    keep_head_groups(smaller.blocks[1], torch.tensor([0, 2]))
    torch.testing.assert_close(smaller(ids), expected, rtol=1e-4, atol=1e-4)
    part = smaller.blocks[1].attention
    shapes = [tuple(layer.weight.shape) for layer in (part.query, part.key, part.value, part.out)]
    assert shapes == [(16, 16), (8, 16), (8, 16), (16, 16)]
    assert model.blocks[1].attention.query.out_features == 24  # the old one is as it was


def test_removed_neurons_agree_with_zeroed_ones():
    model, ids = small(), torch.randint(V, (2, T))
    smaller = without_layers(model, set())
    stay = torch.tensor([n for n in range(F) if n % 3])
    keep_neurons(smaller.blocks[2], stay)
    said = smaller(ids)
    assert smaller.blocks[2].ffn.gate.weight.shape == (len(stay), 16)
    model.blocks[2].ffn.down.weight[:, ::3] = 0
    torch.testing.assert_close(said, model(ids), rtol=1e-4, atol=1e-4)


def test_scores_by_hand():
    model, ids, heard = small(), torch.randint(V, (2, T)), {}
    block = model.blocks[1]
    hooks = [
        block.register_forward_hook(lambda b, given, said: heard.update(x=given[0], y=said)),
        block.ffn.down.register_forward_pre_hook(lambda part, given: heard.update(inner=given[0])),
        block.attention.out.register_forward_pre_hook(lambda p, g: heard.update(mixed=g[0])),
    ]
    model(ids)
    for hook in hooks:
        hook.remove()
    turned, neurons, groups = part_scores(model, ids)
    expected = 1 - cosine_similarity(heard["x"], heard["y"], dim=-1).mean()
    assert float(turned[1]) == pytest.approx(float(expected), abs=1e-5)
    inner = heard["inner"].flatten(0, 1)
    one = torch.outer(inner[:, 7], block.ffn.down.weight[:, 7])  # all that neuron 7 ever adds
    assert float(neurons[1, 7]) == pytest.approx(float(one.norm()), rel=1e-4)
    mixed, total = heard["mixed"].flatten(0, 1), 0.0
    for j in range(8, 16):  # two heads of four numbers: the second group
        total += float(torch.outer(mixed[:, j], block.attention.out.weight[:, j]).norm()) ** 2
    assert float(groups[1, 1]) == pytest.approx(total**0.5, rel=1e-4)
    assert (turned.shape, neurons.shape, groups.shape) == ((3,), (3, F), (3, 3))
    assert not block._forward_hooks


@pytest.mark.parametrize("layers", [{3}, {-1}, {0, 1, 2}])
def test_layers_that_are_not_there_or_all_are_refused(layers):
    with pytest.raises(ValueError, match="wanted some of layers 0 to 2"):
        without_layers(small(), layers)


def found():
    values = Book().result("compression.removed_parts")["values"]
    return values, Book().result("compression.pruned_model")["values"]


def test_page_says_the_first_layer_is_everything_and_a_middle_one_little():
    values, pruned = found()
    first, quiet, three = values["rows"][:3]
    assert first["perplexity"] > 1000 * pruned["dense"]
    assert quiet["perplexity"] < 1.2 * pruned["dense"]
    assert 5 < values["quiet"][0] < 25
    assert max(values["turns"]) == values["turns"][0]
    assert three["perplexity"] < 1.5 * pruned["dense"]


def test_page_says_a_tenth_in_parts_costs_more_than_a_tenth_anywhere():
    values, pruned = found()
    layers, neurons, heads = values["rows"][2:]
    for row in (layers, neurons):
        assert row["gone"] == pytest.approx(0.1, abs=0.002)
        assert 1.2 * pruned["at"]["10%"]["wanda"] < row["perplexity"] < 2 * pruned["dense"]
    assert heads["gone"] < neurons["gone"]
    assert heads["perplexity"] > 1.5 * neurons["perplexity"]
    assert all(row["saved"] == round(row["gone"] * values["every"]) * 4 for row in values["rows"])
