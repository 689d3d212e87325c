import pytest
import torch

from snippets.inference.facts_devices import ACCELERATORS
from snippets.inference.facts_models import (
    ANTHROPIC_52B,
    DEEPSEEK_V3,
    LLAMA_2_13B,
    LLAMA_3_8B,
    LLAMA_3_70B,
    LLAMA_31_405B,
    MODEL_SHAPES,
    QWEN3_4B,
    SMOLLM2_135M,
)
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.kv_configs import (
    allocate_cache,
    cache_bytes_per_token,
    config_row,
    latent_bytes_per_token,
)
from snippets.inference.kv_operations import decode_flops
from snippets.inference.roofline import ridge_point


@pytest.mark.parametrize("model", MODEL_SHAPES, ids=lambda m: m.name)
def test_formula_equals_memory_really_allocated(model):
    cache = allocate_cache(model, tokens=3)
    assert all(t.device.type == "cpu" and t.dtype == torch.bfloat16 for t in cache)
    assert sum(t.untyped_storage().nbytes() for t in cache) == 3 * cache_bytes_per_token(model)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (ANTHROPIC_52B, 2_097_152),
        (LLAMA_2_13B, 819_200),
        (LLAMA_3_8B, 131_072),
        (LLAMA_3_70B, 327_680),
        (LLAMA_31_405B, 516_096),
        (DEEPSEEK_V3, 70_272),
        (SMOLLM2_135M, 23_040),
        (QWEN3_4B, 147_456),
    ],
)
def test_bytes_worked_out_by_hand(model, expected):
    assert cache_bytes_per_token(model) == expected


def test_mla_stores_one_vector_where_others_store_two():
    assert latent_bytes_per_token(5, 7, 3) * 2 == kv_bytes_per_token(5, 1, 10)


def test_a_latent_without_width_is_refused():
    with pytest.raises(ValueError, match="head_dim must be at least 1"):
        latent_bytes_per_token(5, 0, 0)


@pytest.mark.parametrize(
    ("model", "factor"),
    [(LLAMA_2_13B, 1), (LLAMA_3_8B, 4), (LLAMA_3_70B, 8), (LLAMA_31_405B, 16), (SMOLLM2_135M, 3)],
)
def test_page_says_counting_all_heads_is_wrong_by_the_size_of_a_group(model, factor):
    assert config_row(model)["factor"] == factor == model.n_heads / model.n_kv_heads


def test_page_says_the_biggest_model_has_not_the_biggest_cache():
    assert cache_bytes_per_token(DEEPSEEK_V3) * 1.5 < cache_bytes_per_token(LLAMA_3_8B)
    assert cache_bytes_per_token(LLAMA_3_8B) * 1.5 < cache_bytes_per_token(LLAMA_31_405B)
    assert cache_bytes_per_token(LLAMA_31_405B) * 1.5 < cache_bytes_per_token(LLAMA_2_13B)


def test_page_says_in_which_order_the_seven_lines_lie():
    drawn = [m for m in MODEL_SHAPES if m is not QWEN3_4B]
    falling = sorted(drawn, key=cache_bytes_per_token, reverse=True)
    assert [m.name for m in falling] == [
        "Anthropic 52B", "Llama-2-13B", "Llama-3.1-405B", "Llama-3-70B", "Llama-3-8B",
        "DeepSeek-V3", "SmolLM2-135M",
    ]  # fmt: skip


def test_page_says_reading_the_cache_stays_far_below_every_ridge_point():
    lowest = min(ridge_point(chip.flops, chip.bandwidth) for chip in ACCELERATORS)
    assert max(config_row(model)["factor"] for model in (ANTHROPIC_52B, LLAMA_3_70B)) * 10 < lowest


@pytest.mark.parametrize(
    "model", [m for m in MODEL_SHAPES if not m.latent_dim], ids=lambda m: m.name
)
def test_page_says_reading_the_cache_earns_one_operation_per_byte_and_sharing_head(model):
    past = 8191  # one token more is written; its query meets all 8,192
    sizes = {"n_layers": model.n_layers, "n_heads": model.n_heads, "n_kv_heads": model.n_kv_heads}
    width = model.n_heads * model.head_dim
    flops = [decode_flops(n, True, d_model=width, **sizes)["attention"] for n in (past, past + 1)]
    per_byte = (flops[1] - flops[0]) / (cache_bytes_per_token(model) * (past + 1))
    assert per_byte == model.n_heads / model.n_kv_heads


def test_page_says_the_wrong_formula_rents_eight_times_the_cards():
    row = config_row(LLAMA_3_70B)
    right, wrong = (int(80e9 / (8192 * row[k])) for k in ("per_token", "all_heads"))
    assert right > 7 * wrong > 0


def test_page_says_a_derived_head_dim_is_wrong_by_more_than_a_third():
    derived = kv_bytes_per_token(36, 8, QWEN3_4B.d_model // QWEN3_4B.n_heads)
    assert derived < cache_bytes_per_token(QWEN3_4B) * 2 / 3
