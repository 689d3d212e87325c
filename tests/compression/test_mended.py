import pytest
import torch
from torch.nn.utils import prune

from sitebuild.book import Book
from snippets.compression.mended import hold_at_zero, mend, prune_blocks
from snippets.model.transformer import Transformer, TransformerConfig


def small():
    sizes = {"n_layers": 2, "n_heads": 2, "n_kv_heads": 2, "head_dim": 8, "d_ffn": 24}
    return Transformer(TransformerConfig(19, d_model=16, context=160, **sizes))


def test_every_matrix_of_the_blocks_is_pruned_and_nothing_else():
    model = small()
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    gone = prune_blocks(model, 0.75)
    assert len(gone) == 2 * 7
    for name, weight in model.named_parameters():
        if name in gone:
            assert (gone[name].sum(1) == round(0.75 * weight.shape[1])).all()
            assert torch.equal(weight, before[name] * ~gone[name])
        else:
            assert torch.equal(weight, before[name])


def test_zeros_stay_zeros_and_the_rest_learns():
    model = small()
    gone = prune_blocks(model, 0.5)
    before = model.blocks[0].ffn.up.weight.detach().clone()
    losses = mend(model, gone, torch.arange(3000) % 19, steps=20, seed=0)
    assert losses[-1] < losses[0]
    for name, where in gone.items():
        assert torch.equal(model.get_parameter(name) == 0, where)
    assert not torch.equal(model.blocks[0].ffn.up.weight, before)


def test_holding_agrees_with_pytorchs_mask():
    layer = torch.nn.Linear(13, 7, bias=False)
    mask = torch.rand(7, 13) > 0.5
    other = torch.nn.Linear(13, 7, bias=False)
    other.weight.data = layer.weight.detach().clone()
    prune.custom_from_mask(other, "weight", mask)
    hold_at_zero(layer, {"weight": ~mask})
    assert torch.equal(layer.weight, other.weight)


def test_without_anything_held_zeros_come_back():
    model = small()
    gone = prune_blocks(model, 0.5)
    mend(model, {}, torch.arange(3000) % 19, steps=5, seed=0)
    name = "blocks.0.ffn.up.weight"
    assert (model.get_parameter(name)[gone[name]] != 0).float().mean() > 0.5


def test_no_share_is_refused():
    with pytest.raises(ValueError, match="share from 0 to 1"):
        prune_blocks(small(), 2)


def test_page_says_a_little_training_mends_most_of_it():
    values = Book().result("compression.mended")["values"]
    assert values["whole"] + 0.8 < values["pruned"]
    assert len(values["mended"]) == 3
    assert 0.65 < min(values["back"]) <= max(values["back"]) < 0.85
    assert min(values["mended"]) > values["whole"]
    assert abs(values["zeros"] - 0.7) < 0.01
