import math

import pytest

from snippets.inference.example_52b import (
    D_MODEL,
    LAYERS,
    PEAK_BYTES,
    PEAK_FLOPS,
    cache_room,
    room_lines,
    time_lines,
)
from snippets.inference.facts_devices import A100_40GB_REPORTED_BYTES
from snippets.inference.kv_operations import decode_flops, kv_projection_flops

RESULTS = {row["what"]: (row["result"], row["unit"]) for row in time_lines() + room_lines()}
VALUES = {row["what"]: row["value"] for row in time_lines() + room_lines()}


@pytest.mark.parametrize(
    ("what", "result", "unit"),
    [
        ("make k and v of one token", "17,179,869,184", "FLOP"),
        ("weights of the two matrices", "17,179,869,184", "byte"),
        ("read them", "11.45", "ms"),
        ("compute with them", "55.1", "µs"),
        ("the ratio of the two", "208", "FLOP per byte"),
        ("weights in all layers", "51,539,607,552", "weights"),
        ("read all of them", "68.72", "ms"),
        ("compute one token", "0.330", "ms"),
        ("a pass with 208 tokens", "68.72", "ms"),
        ("a pass with 312 tokens", "103.08", "ms"),
        ("a pass with 416 tokens", "137.44", "ms"),
        ("one token on four cards", "17.18", "ms"),
        ("plus their talk", "19.23", "ms"),
        ("all weights", "104", "GB"),
        ("the same in binary", "96.86", "GiB"),
        ("cards that hold them", "3", "cards"),
        ("left on three", "16", "GB"),
        ("cache per token", "2,097,152", "byte"),
        ("room on three", "7,629.4", "tokens"),
        ("left on four", "56", "GB"),
        ("room on four", "26,702.9", "tokens"),
    ],
)
def test_every_line_worked_out_elsewhere(what, result, unit):
    assert RESULTS[what] == (result, unit)


def test_operations_agree_with_those_counted_by_pytorch():
    assert VALUES["make k and v of one token"] == kv_projection_flops(LAYERS, D_MODEL, D_MODEL)
    parts = decode_flops(1, True, LAYERS, D_MODEL, n_heads=64, n_kv_heads=64)
    in_weights = parts["keys and values"] + parts["other weights"]
    assert VALUES["compute one token"] == pytest.approx(1e3 * in_weights / PEAK_FLOPS)


def test_the_two_twos_part_when_weights_shrink_to_eight_bits():
    flops, bytes_at_8_bits = 2 * 2 * LAYERS * D_MODEL**2, 2 * 1 * LAYERS * D_MODEL**2
    assert flops == 2 * bytes_at_8_bits
    assert flops == VALUES["weights of the two matrices"]


def test_too_few_cards_leave_less_than_nothing():
    assert cache_room(2) < 0 < cache_room(3)


def test_page_says_a_fourth_card_more_than_triples_the_room():
    assert VALUES["room on four"] > 3 * VALUES["room on three"]
    assert VALUES["room on four"] == pytest.approx(26_703, abs=0.5)


def test_page_says_the_thousandth_rounding_hides_hundreds_of_tokens():
    assert 16 / 0.002 - VALUES["room on three"] > 300


def test_page_says_a_fourth_card_is_faster_too():
    three = VALUES["read all of them"] / 3
    talk = VALUES["plus their talk"] - VALUES["one token on four cards"]
    assert VALUES["plus their talk"] < 0.9 * (three + talk)


def test_page_says_a_handful_of_conversations_outweighs_the_weights():
    assert 2 < 1e9 * VALUES["all weights"] / (VALUES["cache per token"] * 8192) < 10
    assert VALUES["room on three"] < 8192 < VALUES["room on four"]


def test_page_says_the_slip_of_the_post_hides_thousands_of_tokens():
    assert 56 / 0.002 - 23_000 > 4_000


def test_page_says_real_cards_hold_thousands_more():
    extra = cache_room(3, A100_40GB_REPORTED_BYTES) - cache_room(3)
    assert extra / VALUES["cache per token"] > 3000


def test_page_says_one_token_uses_half_a_percent_of_the_arithmetic():
    used = VALUES["compute one token"] / VALUES["read all of them"]
    assert used == pytest.approx(1 / 208)
    assert used < 0.005


def test_page_says_a_lost_e_turns_milliseconds_into_years():
    seconds = VALUES["weights of the two matrices"] / 1.5**12
    assert seconds / (365.25 * 24 * 3600) > 4
    assert VALUES["weights of the two matrices"] / PEAK_BYTES < 0.012
    assert math.log10(3.12**12) < 6
