import pytest
import torch

from snippets.model.block_steps import walk_block
from snippets.model.transformer import Transformer, TransformerConfig

B, T, V, C, H, G, D, F = 2, 11, 53, 42, 6, 2, 10, 37
CONFIG = TransformerConfig(V, C, 1, H, G, D, F, context=17, rope_theta=500.0)


@pytest.fixture
def model(device):
    model = Transformer(CONFIG).to(device)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.4 if weight.ndim == 2 else 1.0)
    return model


def test_agrees_with_the_block_itself(model, device):
    ids, kept = torch.randint(V, (B, T), device=device), []
    model.blocks[0].register_forward_hook(lambda block, inputs, out: kept.append(out))
    model.read(ids)
    steps = walk_block(model.blocks[0], model.embed[ids], CONFIG)
    torch.testing.assert_close(steps["the stream goes on"], kept[0], rtol=1.3e-6, atol=5e-5)


def test_every_step_has_its_shape(model, device):
    steps = walk_block(model.blocks[0], torch.randn(B, T, C, device=device), CONFIG)
    found = {name: tuple(y.shape) for name, y in steps.items()}
    stream = (B, T, C)
    assert found["queries"] == found["queries, turned"] == (B, H, T, D)
    assert found["keys"] == found["values"] == found["keys, turned"] == (B, G, T, D)
    assert found["each head's reading"] == (B, H, T, D)
    assert found["heads side by side"] == (B, T, H * D)
    assert found["inner numbers, gated"] == (B, T, F)
    for name in ("the stream comes in", "norm", "attention's line", "added to the stream"):
        assert found[name] == stream
    assert list(found)[-1] == "the stream goes on"
    assert found["the stream goes on"] == stream


def test_a_stream_of_another_width_is_refused(model, device):
    with pytest.raises(RuntimeError, match="size of tensor"):
        walk_block(model.blocks[0], torch.randn(B, T, C + 1, device=device), CONFIG)
