import pytest

from snippets.inference.facts_devices import H100_SXM
from snippets.inference.latency_terms import (
    LLAMA_3_8B_WEIGHTS,
    first_token_seconds,
    token_seconds,
)


def test_first_token_by_hand():
    """A short prompt waits for the weights, a long one for the arithmetic."""
    assert first_token_seconds(1) == pytest.approx(2 * 8.03e9 / 3.35e12)
    assert first_token_seconds(10_000) == pytest.approx(2 * 8.03e9 * 10_000 / 989.4e12)


def test_token_by_hand():
    """32 layers, 8 stored heads of 128 numbers, keys and values, 2 bytes each."""
    cache = 16 * 1000 * 2 * 32 * 8 * 128 * 2
    assert token_seconds(16, 1000) == pytest.approx((2 * LLAMA_3_8B_WEIGHTS + cache) / 3.35e12)


def test_all_of_the_table_fits_into_the_card():
    cache = 48 * 8_000 * 2 * 32 * 8 * 128 * 2
    assert 2 * LLAMA_3_8B_WEIGHTS + cache < H100_SXM.memory_bytes


def test_nobody_is_refused():
    with pytest.raises(ValueError, match="wanted a user"):
        token_seconds(0, 10)
    with pytest.raises(ValueError, match="context of 0 or more"):
        token_seconds(1, -1)


def test_page_says_users_are_nearly_free_and_their_notes_are_not():
    assert token_seconds(16, 1000) < 1.2 * token_seconds(1, 1000)
    assert token_seconds(48, 8000) > 3 * token_seconds(1, 8000)
    rate_short, rate_long = (48 / token_seconds(48, n) for n in (1000, 8000))
    assert rate_long < rate_short / 2
    assert first_token_seconds(10_000) > 30 * token_seconds(1, 1000)
