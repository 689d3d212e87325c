import pytest

from snippets.inference.facts_capacity import CARD_LINKS, MODEL_SIZES, TIMED_TOKENS
from snippets.inference.facts_devices import ACCELERATORS
from snippets.inference.facts_models import MODEL_SHAPES
from snippets.model.smollm2 import load

SHAPES = {s.name: s for s in MODEL_SHAPES}
# width of the MLP, words, tied embeddings, extra norms per layer: from the configs
REST = {
    "SmolLM2-135M": (1536, 49152, True, 0),
    "Qwen3-4B": (9728, 151936, True, 2 * 128),
    "Llama-3-8B": (14336, 128256, False, 0),
    "Llama-2-13B": (13824, 32000, False, 0),
    "Llama-3-70B": (28672, 128256, False, 0),
    "Llama-3.1-405B": (53248, 128256, False, 0),
}


@pytest.mark.parametrize("size", MODEL_SIZES, ids=lambda s: s.name)
def test_counts_follow_from_the_shape(size):
    s = SHAPES[size.name]
    if size.name == "Anthropic 52B":  # rounded by its authors: 12 L d^2 and the embeddings
        assert size.n_params == pytest.approx(
            12 * s.n_layers * s.d_model**2 + 65536 * 8192, rel=0.02
        )
        return
    wide, words, tied, extra = REST[size.name]
    heads = 2 * s.d_model * s.head_dim * (s.n_heads + s.n_kv_heads)
    layer = heads + 3 * s.d_model * wide + 2 * s.d_model + extra
    total = s.n_layers * layer + s.d_model * (1 + words * (1 if tied else 2))
    assert size.n_params == total


def test_every_link_belongs_to_a_card_and_only_hopper_computes_in_8_bit_floats():
    assert [c.name for c in CARD_LINKS] == [c.name for c in ACCELERATORS]
    for way, card in zip(CARD_LINKS, ACCELERATORS, strict=True):
        assert way.link < card.bandwidth / 4
        assert way.fp8_flops == (0 if "A100" in way.name else pytest.approx(2 * card.flops, 1e-3))


def test_everything_has_source_and_date():
    for fact in (*MODEL_SIZES, *CARD_LINKS, *TIMED_TOKENS):
        assert fact.source.startswith("https://")
        assert fact.noted == "2026-11-28"


def test_smollm2_has_as_many_weights_as_the_real_one():
    model, _ = load()
    assert sum(p.numel() for p in model.parameters()) == MODEL_SIZES[0].n_params
