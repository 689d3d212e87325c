import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from snippets.inference.kv_decode import CachedDecoder
from snippets.inference.kv_operations import (
    count_decode,
    decode_flops,
    kv_projection_flops,
    scores_computed,
    tokens_processed,
)

SHAPE = {"n_layers": 3, "d_model": 35, "n_heads": 5, "n_kv_heads": 1}


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("n", [1, 2, 11])
def test_formula_equals_pytorchs_counter(n, cached):
    decoder = CachedDecoder(13, max_tokens=17, **SHAPE)
    counted = count_decode(decoder, torch.zeros(1, n, dtype=torch.int64), cached)
    assert counted == sum(decode_flops(n, cached, **SHAPE).values())


@pytest.mark.parametrize("n", [1, 4, 11])
def test_tokens_and_scores_counted_one_by_one(n):
    assert tokens_processed(n, cached=False) == sum(range(1, n + 1))
    assert tokens_processed(n, cached=True) == n
    assert scores_computed(n, cached=False) == sum(t * t for t in range(1, n + 1))
    assert scores_computed(n, cached=True) == sum(range(1, n + 1))


def test_projection_flops_equal_pytorchs_counter():
    x, weight = torch.zeros(7, 35), torch.zeros(35, 11)
    with FlopCounterMode(display=False) as counter:
        for _ in range(2 * 3):  # keys and values, three layers
            x @ weight
    assert kv_projection_flops(3, 35, 11, tokens=7) == counter.get_total_flops()


def test_page_says_1000_tokens_cost_500_times_as_much_without_a_cache():
    assert tokens_processed(1000, cached=False) / tokens_processed(1000, cached=True) == 500.5
    assert tokens_processed(8192, cached=False) / 8192 == 4096.5


def test_page_says_four_tokens_cost_ten_and_the_waste_is_half_the_length():
    assert (tokens_processed(4, cached=False), tokens_processed(4, cached=True)) == (10, 4)
    for n in (4, 32, 1000, 8192):
        assert tokens_processed(n, cached=False) / n == (n + 1) / 2
    parts = {
        c: decode_flops(32, c, n_layers=2, d_model=64, n_heads=8, n_kv_heads=2) for c in (0, 1)
    }
    ratios = {part: parts[0][part] / parts[1][part] for part in parts[1]}
    assert ratios["keys and values"] == ratios["other weights"] == (32 + 1) / 2
    assert ratios["attention"] > 1.2 * (32 + 1) / 2


def test_page_says_doubling_the_text_doubles_or_quadruples_the_projections():
    with_cache = tokens_processed(8192, True) / tokens_processed(4096, True)
    without = tokens_processed(8192, False) / tokens_processed(4096, False)
    assert with_cache == 2
    assert 3.99 < without < 4


def test_page_says_attention_still_grows_with_the_square():
    with_cache = scores_computed(8192, True) / scores_computed(4096, True)
    without = scores_computed(8192, False) / scores_computed(4096, False)
    assert 3.99 < with_cache < 4.01
    assert 7.99 < without < 8.01


def test_page_says_keys_and_values_are_a_sixth_of_a_plain_layer():
    parts = decode_flops(1, True, n_layers=64, d_model=8192, n_heads=64, n_kv_heads=64)
    weights = parts["keys and values"] + parts["other weights"]
    assert weights == 6 * parts["keys and values"]
    assert weights == 2 * 12 * 64 * 8192**2
