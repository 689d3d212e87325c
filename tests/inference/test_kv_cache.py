from fractions import Fraction

import pytest
import torch

from snippets.inference.kv_cache import kv_bytes_per_token

L, H, D, T = 5, 3, 7, 11


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int8])
def test_formula_equals_allocated_bytes(dtype, device):
    caches = [torch.zeros(2, H, T, D, dtype=dtype, device=device) for _ in range(L)]
    allocated = sum(cache.nbytes for cache in caches)
    assert kv_bytes_per_token(L, H, D, dtype.itemsize) * T == allocated


def test_sixteen_bits_are_the_default():
    assert kv_bytes_per_token(1, 1, 4) == 16
    assert kv_bytes_per_token(L, H, D) == kv_bytes_per_token(L, H, D, 2)


def test_the_result_is_whole_where_it_can_be():
    four_bits = kv_bytes_per_token(32, 8, 128, 0.5)
    assert four_bits == 32_768
    assert isinstance(four_bits, int)
    assert isinstance(kv_bytes_per_token(L, H, D), int)
    assert isinstance(kv_bytes_per_token(L, H, D, Fraction(1, 2)), int)
    assert kv_bytes_per_token(L, H, D, 1 / 16) == 2 * L * H * D / 16


def test_twice_the_layers_heads_or_width_is_twice_the_memory():
    base = kv_bytes_per_token(L, H, D)
    assert {
        kv_bytes_per_token(2 * L, H, D),
        kv_bytes_per_token(L, 2 * H, D),
        kv_bytes_per_token(L, H, 2 * D),
        kv_bytes_per_token(L, H, D, 4),
    } == {2 * base}


@pytest.mark.parametrize("sizes", [(0, H, D), (L, 0, D), (L, H, 0), (-1, H, D), (L, H, -D)])
def test_sizes_below_one_are_refused(sizes):
    with pytest.raises(ValueError, match="must be at least 1, got"):
        kv_bytes_per_token(*sizes)


@pytest.mark.parametrize("width", [0, -2, float("nan"), float("inf")])
def test_values_that_take_no_room_are_refused(width):
    with pytest.raises(ValueError, match="bytes_per_value must be above 0"):
        kv_bytes_per_token(L, H, D, width)


def test_page_says_a_token_of_the_52b_model_takes_two_mebibytes():
    assert kv_bytes_per_token(64, 64, 128) == 2 * 2**20


def test_page_says_four_bits_make_a_quarter():
    assert kv_bytes_per_token(32, 8, 128, 0.5) * 4 == kv_bytes_per_token(32, 8, 128)


def test_page_says_a_floppy_disk_is_too_small_for_one_token():
    assert kv_bytes_per_token(64, 64, 128) > 1.4 * 1_474_560


def test_page_says_one_long_conversation_fills_more_than_three_cards_have_left():
    assert 8192 * kv_bytes_per_token(64, 64, 128) > 1.05 * (3 * 40e9 - 2 * 52e9)
