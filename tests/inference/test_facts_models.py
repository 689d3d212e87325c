import pytest

from snippets.inference.facts_models import MODEL_SHAPES, QWEN3_4B


@pytest.mark.parametrize("model", MODEL_SHAPES, ids=lambda m: m.name)
def test_every_fact_has_a_source_and_a_date(model):
    assert "https://" in model.source
    assert model.seen.startswith("2026-")


@pytest.mark.parametrize("model", MODEL_SHAPES, ids=lambda m: m.name)
def test_query_heads_are_a_multiple_of_key_value_heads(model):
    assert model.n_heads % model.n_kv_heads == 0


@pytest.mark.parametrize(
    "model", [m for m in MODEL_SHAPES if m.name.startswith(("Llama", "SmolLM2", "Anthropic"))],
    ids=lambda m: m.name,
)  # fmt: skip
def test_heads_fill_the_width_where_the_family_says_so(model):
    assert model.n_heads * model.head_dim == model.d_model


def test_page_says_head_dim_cannot_always_be_derived():
    assert QWEN3_4B.d_model // QWEN3_4B.n_heads == 80
    assert QWEN3_4B.head_dim == 128
