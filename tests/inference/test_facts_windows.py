import pytest
from transformers import Gemma3TextConfig, GptOssConfig, MistralConfig

from snippets.inference.facts_windows import (
    GEMMA_3_27B,
    MISTRAL_7B,
    WINDOW_SHAPES,
    WINDOWED_GPT_OSS,
)


def test_every_shape_tells_source_and_date():
    for shape in WINDOW_SHAPES:
        assert "https://" in shape.source or "config.json" in shape.source
        assert shape.seen.startswith("2026-")


@pytest.mark.parametrize(("shape", "config"), [
    (WINDOWED_GPT_OSS, GptOssConfig()),
    (MISTRAL_7B, MistralConfig()),
    (GEMMA_3_27B, Gemma3TextConfig(
        num_hidden_layers=62, num_key_value_heads=16, head_dim=128, sliding_window=1024)),
])  # fmt: skip
def test_transformers_knows_the_same_shapes(shape, config):
    kinds = getattr(config, "layer_types", None)
    kinds = kinds or ["sliding_attention"] * config.num_hidden_layers
    assert kinds.count("full_attention") == shape.full_layers
    assert kinds.count("sliding_attention") == shape.window_layers
    assert config.sliding_window == shape.window
    assert config.num_key_value_heads == shape.n_kv_heads
    if config.head_dim:
        assert config.head_dim == shape.head_dim
