import pytest
import torch
from torch.nn.functional import gelu, relu, silu
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaMLP

from snippets.model.feed_forward import SwiGLU, dead_share
from tests.shapes import check_shapes

B, T, C, F = 2, 5, 14, 17


def test_agrees_with_transformers(device):
    ours = SwiGLU(C, F).to(device)
    theirs = LlamaMLP(LlamaConfig(hidden_size=C, intermediate_size=F, num_attention_heads=1)).to(
        device
    )
    for part in ("gate", "up", "down"):
        getattr(theirs, f"{part}_proj").weight = getattr(ours, part).weight
    x = torch.randn(B, T, C, device=device)
    y, _ = check_shapes(ours.forward, x)
    torch.testing.assert_close(y, theirs(x))


def test_page_says_every_token_is_worked_on_alone(device):
    ffn, x = SwiGLU(C, F).to(device), torch.randn(B, T, C, device=device)
    before = ffn(x)
    x[:, 2] += 1.0
    gap = (ffn(x) - before).abs().amax(-1)
    assert (gap[:, 2] > 1e-3).all()
    gap[:, 2] = 0.0
    assert gap.max() < 1e-6


def test_page_says_relu_drops_half_the_gradients():
    x = torch.randn(100_000)
    assert 0.49 < dead_share(relu, x) < 0.51
    assert dead_share(gelu, x) < 0.01
    assert dead_share(silu, x) < 0.01


def test_page_says_without_the_bend_two_matrices_are_one():
    up, down, x = torch.randn(C, F), torch.randn(F, C), torch.randn(T, C)
    torch.testing.assert_close((x @ up) @ down, x @ (up @ down), rtol=1e-4, atol=1e-4)


def test_another_width_is_refused():
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        SwiGLU(C, F)(torch.zeros(B, T, C + 1))
