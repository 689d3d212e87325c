import pytest

from snippets.inference.facts_devices import ACCELERATORS
from snippets.inference.roofline import (
    attainable_flops,
    break_even_tokens,
    forward_time,
    ridge_point,
)

F, B, N = 312e12, 1.5e12, 12 * 64 * 8192**2


def test_ridge_point_of_the_example():
    assert ridge_point(F, B) == pytest.approx(208)


@pytest.mark.parametrize("bytes_per_param", [0.5, 1, 2, 4])
def test_break_even_by_bisection(bytes_per_param):
    low, high = 1e-3, 1e5  # below break-even the time does not move, above it does
    floor = forward_time(N, low, F, B, bytes_per_param)
    for _ in range(100):
        middle = (low + high) / 2
        if forward_time(N, middle, F, B, bytes_per_param) > floor:
            high = middle
        else:
            low = middle
    assert break_even_tokens(F, B, bytes_per_param) == pytest.approx(low)


def test_units_cancel():
    assert forward_time(1e9, 1, 1e15, 1e12) == pytest.approx(2e9 / 1e12)  # byte / (byte/s) = s
    assert forward_time(1e9, 10**6, 1e15, 1e12) == pytest.approx(2e15 / 1e15)  # FLOP / (FLOP/s) = s


@pytest.mark.parametrize("intensity", [0.5, 1, 207, 208, 209, 5e4])
def test_the_roof_and_the_clocks_agree(intensity):
    """Work of one byte and so many operations: the slower clock against the roof above it."""
    seconds = max(1 / B, intensity / F)
    assert attainable_flops(intensity, F, B) == pytest.approx(intensity / seconds)


def test_the_roof_rises_to_the_ridge_and_is_flat_behind_it():
    assert attainable_flops(52, F, B) == pytest.approx(F / 4)
    assert attainable_flops(ridge_point(F, B), F, B) == pytest.approx(F)
    assert attainable_flops(1e6, F, B) == pytest.approx(F)


@pytest.mark.parametrize("intensity", [0, -1, float("nan")])
def test_work_without_operations_has_no_roof(intensity):
    with pytest.raises(ValueError, match="intensity must be above 0"):
        attainable_flops(intensity, F, B)


@pytest.mark.parametrize("rates", [(0, B), (F, 0), (-F, B), (F, -B), (float("nan"), B)])
def test_rates_of_zero_or_less_are_refused(rates):
    with pytest.raises(ValueError, match="rates must be above 0"):
        ridge_point(*rates)
    with pytest.raises(ValueError, match="rates must be above 0"):
        forward_time(N, 1, *rates)


@pytest.mark.parametrize("sizes", [(0, 1, 2), (N, 0, 2), (N, 1, 0)])
def test_sizes_of_zero_are_refused(sizes):
    n, tokens, width = sizes
    with pytest.raises(ValueError, match="sizes must be above 0"):
        forward_time(n, tokens, F, B, width)


def test_page_says_208_tokens_take_as_long_as_one():
    assert forward_time(N, 208, F, B) == pytest.approx(forward_time(N, 1, F, B), rel=1e-9)
    assert forward_time(N, 312, F, B) == pytest.approx(1.5 * forward_time(N, 1, F, B), rel=1e-9)
    assert forward_time(N, 416, F, B) == pytest.approx(2 * forward_time(N, 1, F, B), rel=1e-9)


def test_page_says_eight_bit_weights_need_half_the_tokens():
    assert break_even_tokens(F, B, bytes_per_param=1) == pytest.approx(104)
    assert break_even_tokens(F, B, bytes_per_param=1) * 2 == break_even_tokens(F, B)


def test_page_says_other_cards_have_other_ridge_points():
    ridges = {c.name: ridge_point(c.flops, c.bandwidth) for c in ACCELERATORS}
    assert ridges["A100 80 GB SXM"] * 1.2 < ridges["A100 40 GB"]
    assert ridges["H200 SXM"] * 1.2 < ridges["H100 SXM"]
