import pytest
import torch
from torch import nn

from snippets.compression.block_inputs import SHARED_INPUTS, block_inputs
from snippets.model.transformer import Transformer, TransformerConfig

SIZES = TransformerConfig(13, 16, 3, 4, 2, 4, 24, context=32)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Transformer(SIZES).eval()


@torch.no_grad()
def test_agrees_with_what_layers_read_in_a_whole_pass(model):
    """Oracle: the model reads the text in one go, and every linear layer writes down its input."""
    ids = torch.randint(13, (2, 10))
    read, hooks = {}, []
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            note = lambda _, x, name=name: read.__setitem__(name, x[0].flatten(0, -2))  # noqa: E731
            hooks.append(layer.register_forward_pre_hook(note))
    model(ids)
    for hook in hooks:
        hook.remove()
    seen = 0
    for n, (block, inputs) in enumerate(block_inputs(model, ids)):
        assert block is model.blocks[n]
        for group, x in inputs.items():
            for name in group:
                assert torch.allclose(read[f"blocks.{n}.{name}"], x, atol=1e-6)
                seen += 1
    assert seen == len(read) == 7 * SIZES.n_layers


def test_every_linear_layer_of_a_block_belongs_to_one_group(model):
    layers = [n for n, m in model.blocks[0].named_modules() if isinstance(m, nn.Linear)]
    assert sorted(name for group in SHARED_INPUTS for name in group) == sorted(layers)


def test_changing_weights_meanwhile_changes_nothing_further_on(model):
    ids = torch.randint(13, (1, 6))
    untouched = [x for _, read in block_inputs(model, ids) for x in read.values()]
    changed = []
    for block, read in block_inputs(model, ids):
        changed += read.values()
        block.ffn.down.weight.data *= 0
    assert all(map(torch.equal, untouched, changed))


def test_no_hook_stays_behind(model):
    for _ in block_inputs(model, torch.randint(13, (1, 6))):
        pass
    assert not any(m._forward_pre_hooks for m in model.modules())
