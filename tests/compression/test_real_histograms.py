import pytest
import torch
from torch import nn

from sitebuild.book import Book
from snippets.compression.real_histograms import (
    WATCHED_BLOCK,
    WATCHED_LAYER,
    histogram_in_spreads,
    labels_in_blocks,
    outlier_ratio,
    weight_and_inputs,
)
from snippets.model.smollm2 import load


@pytest.fixture(scope="module")
def model():
    return load()[0]


def values():
    return Book().result("compression.real_histograms")["values"]


def test_inputs_are_those_that_a_hook_on_the_whole_model_hears(model):
    ids = torch.tensor([[7, 11, 13, 17, 19]])
    heard = []
    layer = model.blocks[WATCHED_BLOCK].get_submodule(WATCHED_LAYER)
    hook = layer.register_forward_pre_hook(lambda _, inputs: heard.append(inputs[0]))
    with torch.no_grad():
        model(ids)
    hook.remove()
    weight, inputs = weight_and_inputs(model, ids)
    torch.testing.assert_close(inputs, heard[0][0], rtol=1e-4, atol=1e-3)
    assert torch.equal(weight, layer.weight)
    assert isinstance(layer, nn.Linear)


def test_a_model_without_that_block_is_refused(model):
    blocks = model.blocks
    try:
        model.blocks = blocks[:2]
        with pytest.raises(ValueError, match="wanted block 11, the model has 2"):
            weight_and_inputs(model, torch.tensor([[7]]))
    finally:
        model.blocks = blocks


def test_a_ratio_by_hand():
    assert outlier_ratio(torch.tensor([[1.0, -2.0, 3.0], [-40.0, 0.5, 2.0]])) == 20


def test_labels_agree_with_unique():
    x = torch.randint(-3, 4, (7, 33)).float()
    expected = [len(row.unique()) for row in x.view(-1, 11)]
    assert labels_in_blocks(x, 11).tolist() == expected


@pytest.mark.parametrize("size", [0, 10])
def test_blocks_that_do_not_divide_rows_are_refused(size):
    with pytest.raises(ValueError, match=f"blocks of {size} do not divide rows of 33"):
        labels_in_blocks(torch.ones(7, 33), size)


def test_a_bell_fits_its_own_histogram():
    x = 3 * torch.randn(100_003)
    edges = torch.arange(-6, 6.5, 0.5)
    counts, bell = histogram_in_spreads(x, edges)
    assert counts.sum() == bell.sum().round() == x.numel()
    often = bell > 100
    assert ((counts - bell).abs()[often] < 5 * bell.sqrt()[often]).all()


def test_page_says_a_block_of_the_chat_model_has_sixteen_numbers_at_most(model):
    assert values()["most_labels"] == [32, 16]
    assert values()["first_block"] <= 16
    weight = model.blocks[WATCHED_BLOCK].get_submodule(WATCHED_LAYER).weight.detach()
    for block in weight.view(-1, 32)[:97].double():
        labels = block.unique()
        steps = labels.diff()
        whole = steps / steps.min()
        best = min(((whole * n).round() - whole * n).abs().max() for n in range(1, 8))
        assert best < 0.01  # evenly spaced, some labels not used


def by_name():
    return {row["numbers"]: row for row in values()["rows"]}


def test_page_says_weights_have_longer_tails_than_a_bell():
    rows = by_name()
    assert rows["weights of MiniLM"]["ratio"] > 3 * rows["a bell curve"]["ratio"]
    assert rows["weights of SmolLM2"]["ratio"] > 3 * rows["a bell curve"]["ratio"]


def test_page_says_one_token_holds_the_giants_and_erases_the_rest():
    rows = by_name()
    assert rows["activations"]["ratio"] > 10_000
    assert rows["without first token"]["ratio"] < 0.01 * rows["activations"]["ratio"]
    assert values()["giants"] == 2
    assert rows["activations"]["left"] <= 5
    assert values()["by_token"] < rows["without first token"]["lost"] < 40
