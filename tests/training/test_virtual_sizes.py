import pytest
import torch

from snippets.inference.facts_models import SMOLLM2_135M, ModelShape
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.virtual_sizes import prefix_parameters, prompt_parameters
from snippets.training.virtual_tokens import PrefixTuning, PromptTuning


def test_agrees_with_what_is_built():
    config = TransformerConfig(
        23, d_model=24, n_layers=5, n_heads=4, n_kv_heads=2, head_dim=6, d_ffn=31, context=32
    )
    model, first = Transformer(config), torch.tensor([7, 11, 13])
    shape = ModelShape("small", 5, 24, 4, 2, 6, "here", "today")
    assert prompt_parameters(shape, 3) == PromptTuning(model, first).vectors.numel()
    assert prefix_parameters(shape, 3) == PrefixTuning(model, first).kept.numel()


def test_page_says_about_a_thousandth():
    """Also: less than a ten-thousandth at the input, and 20 times as many in the layers."""
    prompt, prefix = (f(SMOLLM2_135M, 20) for f in (prompt_parameters, prefix_parameters))
    assert 0.0005 < prefix / 134_515_008 < 0.002
    assert prompt / 134_515_008 < 1e-4
    assert prefix == 20 * prompt


@pytest.mark.parametrize("count", [prompt_parameters, prefix_parameters])
def test_no_virtual_token_is_refused(count):
    with pytest.raises(ValueError, match="at least 1 virtual token, got 0"):
        count(SMOLLM2_135M, 0)
