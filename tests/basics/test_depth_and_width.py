import pytest
import torch
from torch import nn

from snippets.basics.depth_and_width import block_parameters
from snippets.basics.facts_sizes import GPT_3_SIZE, NETWORK_SIZES, RESNET_1001_SIZE


def test_agrees_with_pytorchs_layers_without_biases_and_norms():
    layer = nn.TransformerEncoderLayer(52, 4, dim_feedforward=4 * 52, bias=False)
    matrices = sum(weight.numel() for weight in layer.parameters() if weight.ndim == 2)
    assert block_parameters(7, 52) == 7 * matrices
    assert torch.stack([torch.zeros(52)] * 7).shape == (7, 52)


def test_half_the_width_pays_for_four_times_the_layers():
    for layers, width in ((96, 12_288), (3, 10)):
        assert block_parameters(4 * layers, width // 2) == block_parameters(layers, width)


def test_page_says_the_formula_comes_near_and_depth_says_little():
    for network in NETWORK_SIZES:
        if network.d_model:
            ratio = block_parameters(network.n_layers, network.d_model) / network.parameters
            assert 0.75 < ratio < 1.05, network.name
    gpt_3 = block_parameters(GPT_3_SIZE.n_layers, GPT_3_SIZE.d_model)
    assert abs(gpt_3 / GPT_3_SIZE.parameters - 1) < 0.01
    assert RESNET_1001_SIZE.n_layers > 10 * GPT_3_SIZE.n_layers
    assert GPT_3_SIZE.parameters > 17_000 * RESNET_1001_SIZE.parameters
    names = {network.name: network for network in NETWORK_SIZES}
    assert names["Llama 3 8B"].n_layers < names["GPT-2 XL"].n_layers
    assert names["Llama 3 8B"].parameters > 5 * names["GPT-2 XL"].parameters


def test_no_layer_is_refused():
    with pytest.raises(ValueError, match="got 0 and 8"):
        block_parameters(0, 8)
