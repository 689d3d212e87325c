import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from sitebuild.book import Book
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.training_and_inference import infer_once, train_once

B, T, L, C, V = 2, 7, 3, 16, 23


def small():
    sizes = {"n_layers": L, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    return Transformer(TransformerConfig(V, d_model=C, context=32, **sizes))


def matrices(model):
    return sum(weight.numel() for weight in model.parameters() if weight.ndim == 2)


def test_two_and_six_operations_for_each_weight_and_token():
    model, ids = small(), torch.randint(V, (B, T + 1))
    expected = 2 * B * T * matrices(model)
    assert infer_once(model, ids[:, :-1])["forward"] == expected
    counts = train_once(model, ids)
    assert (counts["forward"], counts["backward"]) == (expected, 2 * expected)


def test_without_the_fused_kernel_attention_is_counted_too():
    model, ids = small(), torch.randint(V, (B, T))
    fused = infer_once(model, ids)["forward"]
    with sdpa_kernel(SDPBackend.MATH):
        spelled_out = infer_once(model, ids)["forward"]
    assert spelled_out - fused == 4 * B * T * T * L * 4 * 4  # H x D = 16


def test_bytes_of_a_step():
    model, ids = small(), torch.randint(V, (B, T + 1))
    numbers = sum(weight.numel() for weight in model.parameters())
    counts = train_once(model, ids)
    assert counts["weights"] == counts["gradients"] == 4 * numbers
    assert counts["state"] == 8 * numbers + 4 * len(list(model.parameters()))
    twice = train_once(small(), torch.randint(V, (B, 2 * T + 1)))
    assert 1.8 < twice["kept"] / counts["kept"] < 2.2


def test_inference_keeps_a_cache_and_changes_nothing():
    model, ids = small(), torch.randint(V, (B, T))
    before = [weight.clone() for weight in model.parameters()]
    counts = infer_once(model, ids)
    assert counts["cache"] == B * T * 2 * L * 2 * 4 * 4
    assert counts["backward"] == 0
    assert all(torch.equal(*pair) for pair in zip(before, model.parameters(), strict=True))
    assert all(weight.grad is None for weight in model.parameters())


def test_nothing_to_guess_is_refused():
    with pytest.raises(ValueError, match=r"T >= 1, got \(2, 1\)"):
        train_once(small(), torch.zeros(2, 1, dtype=torch.int64))


def test_page_says_three_times_the_work_and_gradients_are_the_small_part():
    values = Book().result("training.training_and_inference")["values"]
    assert values["per"] == {"inference": 2.0, "training": 6.0}
    assert values["back"] == 2.0
    megabytes = values["megabytes"]["training"]
    assert megabytes["gradients"] < megabytes["state"]
    assert megabytes["gradients"] < 0.3 * values["totals"]["training"]
    assert values["totals"]["training"] > 4 * values["totals"]["inference"]
    assert 0.03 < values["attention_share"] < 0.04
