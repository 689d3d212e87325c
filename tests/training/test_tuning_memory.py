import pytest
from torch import nn

from snippets.inference.facts_models import LLAMA_3_8B, LLAMA_3_70B, ModelShape
from snippets.training.lora import add_lora
from snippets.training.tuning_memory import detour_parameters, tuning_bytes


def test_detours_are_those_that_add_lora_builds():
    shape = ModelShape("small", 3, 13, 4, 2, 7, "here", "today")
    layers = nn.ModuleList(
        nn.ModuleDict({"query": nn.Linear(13, 28), "value": nn.Linear(13, 14)}) for _ in range(3)
    )
    add_lora(layers, 5, 5, ["query", "value"])
    built = sum(w.numel() for w in layers.parameters() if w.requires_grad)
    assert detour_parameters(shape, 5) == built


def test_by_hand():
    assert tuning_bytes(LLAMA_3_8B, "full") == pytest.approx(128.5e9, rel=1e-3)
    assert detour_parameters(LLAMA_3_8B, 16) == 32 * 16 * (8192 + 5120)


def test_page_says_full_is_eight_times_lora_and_qlora_a_quarter_of_that():
    for shape in (LLAMA_3_8B, LLAMA_3_70B):
        full, lora, qlora = (tuning_bytes(shape, way) for way in ("full", "LoRA", "QLoRA"))
        assert 7.5 < full / lora < 8
        assert 3.5 < lora / qlora < 4
    assert tuning_bytes(LLAMA_3_70B, "QLoRA") < 48e9  # one card of 48 GB
    assert tuning_bytes(LLAMA_3_8B, "QLoRA") < 6e9


def test_a_rank_of_zero_is_refused():
    with pytest.raises(ValueError, match="a rank of at least 1, got 0"):
        detour_parameters(LLAMA_3_8B, 0)
