import pytest
import torch

from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.lora import add_lora
from snippets.training.lora_flops import step_flops


def small():
    config = TransformerConfig(
        1009, d_model=64, n_layers=2, n_heads=4, n_kv_heads=2, head_dim=16, d_ffn=128, context=32
    )
    return Transformer(config)


def test_agrees_with_two_and_four_operations_for_each_weight_and_token():
    model, tokens = small(), 3
    flops = step_flops(model, torch.randint(1009, (1, tokens + 1)))
    in_products = sum(w.numel() for w in model.parameters() if w.ndim == 2)
    attention = 2 * 2 * 4 * tokens * tokens * 16 * 2  # two products in each of two layers
    assert flops["forward"] == pytest.approx(2 * in_products * tokens + attention, rel=0.01)
    assert flops["backward"] == pytest.approx(2 * flops["forward"], rel=0.03)


def test_page_says_a_frozen_layer_saves_one_product_of_three():
    ids = torch.randint(1009, (1, 6))
    full = sum(step_flops(small(), ids).values())
    lora = sum(step_flops(add_lora(small(), 1, 1, ["query", "value"]), ids).values())
    assert 0.64 < lora / full < 0.72


def test_nothing_to_guess_is_refused():
    with pytest.raises(ValueError, match=r"wanted ids \(B, T \+ 1\) with T >= 1, got \(2, 1\)"):
        step_flops(small(), torch.ones(2, 1, dtype=torch.int64))
