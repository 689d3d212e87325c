from dataclasses import replace

import pytest

from snippets.model.facts_transformers import KNOWN_TRANSFORMERS, SMOLLM2_SIZES
from snippets.model.parameter_census import count_parameters, list_sizes
from snippets.model.transformer import Transformer, TransformerConfig

PUBLISHED = {  # counted by others: sums of the tensors in the published files
    "SmolLM2-135M": 134_515_008,
    "Llama 3 8B": 8_030_261_248,
    "Llama 2 13B": 13_015_864_320,
    "Llama 3 70B": 70_553_706_496,
}


@pytest.mark.parametrize("known", KNOWN_TRANSFORMERS, ids=lambda known: known.name)
def test_formula_tensors_and_published_counts_agree(known):
    parts = count_parameters(known.config)
    assert sum(parts.values()) == PUBLISHED[known.name]
    assert parts == list_sizes(known.config)


@pytest.mark.parametrize("tied", [True, False])
def test_a_real_small_model_has_as_many(tied):
    config = TransformerConfig(53, 42, 3, 6, 2, 10, 37, 17, tied=tied)
    numel = sum(weight.numel() for weight in Transformer(config).parameters())
    assert sum(count_parameters(config).values()) == numel


def test_page_says_feed_forward_holds_two_thirds_or_more():
    for known in KNOWN_TRANSFORMERS:
        parts = count_parameters(known.config)
        blocks = parts["attention"] + parts["feed-forward"]
        assert parts["feed-forward"] / blocks > 0.65
        assert parts["norms"] / sum(parts.values()) < 0.001
        tables = parts["embedding"] / sum(parts.values())
        assert (tables > 0.15) == (known is SMOLLM2_SIZES)


def test_page_says_the_old_design_has_exactly_two_thirds():
    d = 64
    c = TransformerConfig(7, d, 5, 4, 4, 16, 4 * d, 8)
    parts = count_parameters(c)
    assert parts["attention"] == 5 * 4 * d * d
    assert parts["feed-forward"] * 2 // 3 == 5 * 8 * d * d  # without the gate, two matrices


def test_no_layer_is_refused():
    with pytest.raises(ValueError, match="at least 1, got n_layers=0"):
        count_parameters(replace(SMOLLM2_SIZES.config, n_layers=0))
