import dataclasses

import pytest
import torch

from sitebuild.book import Book
from snippets.inference.facts_windows import GEMMA_3_27B, MISTRAL_7B
from snippets.inference.rolling_cache import (
    RollingCache,
    allocate_window_cache,
    window_cache_bytes,
)
from snippets.model.attention import attention
from snippets.model.sliding_window import windowed_attention

B, G, T, D = 2, 3, 13, 5


@pytest.mark.parametrize("window", [1, 2, 7, 13, 17])
def test_one_token_at_a_time_equals_windowed_attention(window):
    q, k, v = (torch.randn(B, G, T, D) for _ in range(3))
    ring = RollingCache(B, G, window, D)
    steps = []
    for n in range(T):
        keys, values = ring.append(k[:, :, n : n + 1], v[:, :, n : n + 1])
        steps.append(attention(q[:, :, n : n + 1], keys, values))
    torch.testing.assert_close(torch.cat(steps, dim=2), windowed_attention(q, k, v, window))


def test_the_room_never_grows():
    ring = RollingCache(B, G, 7, D)
    before = ring.keys.data_ptr(), ring.keys.nbytes
    for _ in range(20):
        ring.append(torch.ones(B, G, 1, D), torch.ones(B, G, 1, D))
    assert (ring.keys.data_ptr(), ring.keys.nbytes) == before
    assert ring.length == 20


@pytest.mark.parametrize("tokens", [1, 1000, 1024, 1025, 9000])
def test_formula_equals_allocated_bytes(tokens):
    assert window_cache_bytes(GEMMA_3_27B, tokens) == allocate_window_cache(GEMMA_3_27B, tokens)


def test_formula_equals_memory_really_touched():
    small = dataclasses.replace(GEMMA_3_27B, full_layers=2, window_layers=3, window=5)
    assert allocate_window_cache(small, 11, "cpu") == window_cache_bytes(small, 11)


def test_the_ring_is_what_the_formula_says():
    ring = RollingCache(1, MISTRAL_7B.n_kv_heads, MISTRAL_7B.window, MISTRAL_7B.head_dim)
    layer = dataclasses.replace(MISTRAL_7B, window_layers=1)
    assert ring.keys.nbytes + ring.values.nbytes == window_cache_bytes(layer, 50_000, 4)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least the token itself, got 0"):
        RollingCache(1, 1, 0, 1)
    with pytest.raises(ValueError, match=r"one token's key and value.*\(1, 1, 2, 1\)"):
        RollingCache(1, 1, 3, 1).append(torch.zeros(1, 1, 2, 1), torch.zeros(1, 1, 2, 1))
    with pytest.raises(ValueError, match="0 tokens or more, got -1"):
        window_cache_bytes(MISTRAL_7B, -1)


def test_page_says_a_window_stops_growing_and_mixed_layers_save_several_times():
    rows = Book().result("inference.rolling_cache")["values"]["rows"]
    by = {(row["model"], row["tokens"]): row for row in rows}
    assert all(row["gb"] == row["allocated"] for row in rows)
    mistral = [by[MISTRAL_7B.name, n] for n in (8192, 131072)]
    assert mistral[0]["gb"] == mistral[1]["gb"]
    assert mistral[1]["saved"] == 32
    gemma = by[GEMMA_3_27B.name, 131072]
    assert 5 < gemma["saved"] < 6.2  # 62 layers, 10 of them grow
