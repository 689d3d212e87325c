"""A 52-billion-parameter model on 40 GB cards, line by line, every line with its unit.

Source: the example is Carol Chen's (kipply), "Transformer Inference Arithmetic", 30 March 2022,
https://kipp.ly/transformer-inference-arithmetic/; the model: Askell et al. (2021),
https://arxiv.org/abs/2112.00861. All numbers are recomputed here.
"""

import math

from snippets.inference.facts_devices import A100_40GB_REPORTED_BYTES
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.inference.matmul_count import matmul_flops
from snippets.inference.roofline import break_even_tokens, forward_time, ridge_point

# The givens of the example: the model, then the card as the example rounds it.
LAYERS, D_MODEL, PARAMS_52B = 64, 8192, 52e9
PEAK_FLOPS, PEAK_BYTES, CARD_BYTES = 312e12, 1.5e12, 40e9  # e12 is "times 10 to the 12th"
HOP_SECONDS, HOPS_PER_LAYER = 8e-6, 4  # one exchange between cards, kipply's estimate


def cache_room(cards: int, card_bytes: float = CARD_BYTES) -> float:
    """Say how many bytes the cards have left once the weights lie on them."""
    return cards * card_bytes - 2 * PARAMS_52B


def _row(what: str, working: str, value: float, spec: str, unit: str) -> dict[str, str | float]:
    """Make one line of the table: the number, and the number as it is printed."""
    shown = {"result": f"{value:{spec}}", "unit": unit}
    return {"what": what, "working": working, "value": value} | shown


def time_lines() -> list[dict[str, str | float]]:
    """Follow one pass through the model with a stopwatch."""
    kv_flops = 2 * LAYERS * matmul_flops(D_MODEL, D_MODEL)
    kv_bytes = 2 * LAYERS * D_MODEL**2 * 2
    weights = 12 * LAYERS * D_MODEL**2
    ms = {n: 1e3 * forward_time(weights, n, PEAK_FLOPS, PEAK_BYTES) for n in (1, 208, 312, 416)}
    one, talk = 1e3 * 2 * weights / PEAK_FLOPS, 1e3 * HOPS_PER_LAYER * LAYERS * HOP_SECONDS
    ridge = ridge_point(PEAK_FLOPS, PEAK_BYTES)
    rows = [
        (
            "make k and v of one token",
            "2 matrices x 2 operations x 64 x 8192²",
            kv_flops,
            ",",
            "FLOP",
        ),
        ("weights of the two matrices", "2 matrices x 2 bytes x 64 x 8192²", kv_bytes, ",", "byte"),
        ("read them", "bytes / 1.5e12", 1e3 * kv_bytes / PEAK_BYTES, ".2f", "ms"),
        ("compute with them", "FLOP / 312e12", 1e6 * kv_flops / PEAK_FLOPS, ".1f", "µs"),
        ("the ratio of the two", "312e12 / 1.5e12", ridge, ".0f", "FLOP per byte"),
        ("weights in all layers", "12 x 64 x 8192²", weights, ",", "weights"),
        ("read all of them", "2 bytes each / 1.5e12", ms[1], ".2f", "ms"),
        ("compute one token", "2 FLOP each / 312e12", one, ".3f", "ms"),
        ("a pass with 208 tokens", "the slower clock", ms[208], ".2f", "ms"),
        ("a pass with 312 tokens", "the slower clock", ms[312], ".2f", "ms"),
        ("a pass with 416 tokens", "the slower clock", ms[416], ".2f", "ms"),
        ("one token on four cards", "a quarter of the weights each", ms[1] / 4, ".2f", "ms"),
        ("plus their talk", "+ 4 x 64 exchanges of 8 µs", ms[1] / 4 + talk, ".2f", "ms"),
    ]
    return [_row(*row) for row in rows]


def room_lines() -> list[dict[str, str | float]]:
    """Pack the weights and the notes into cards."""
    weights, per_token = 2 * PARAMS_52B, kv_bytes_per_token(LAYERS, 1, D_MODEL)
    three, four = cache_room(3), cache_room(4)
    real = cache_room(3, A100_40GB_REPORTED_BYTES)
    rows = [
        ("all weights", "52e9 x 2 bytes", weights / 1e9, ".0f", "GB"),
        ("the same in binary", "104e9 / 2³⁰", weights / 2**30, ".2f", "GiB"),
        ("cards that hold them", "104 / 40, up", math.ceil(weights / CARD_BYTES), "d", "cards"),
        ("left on three", "3 x 40 - 104", three / 1e9, ".0f", "GB"),
        ("cache per token", "2 x 64 x 8192 x 2 bytes", per_token, ",", "byte"),
        ("room on three", "16e9 / 2,097,152", three / per_token, ",.1f", "tokens"),
        ("left on four", "4 x 40 - 104", four / 1e9, ".0f", "GB"),
        ("room on four", "56e9 / 2,097,152", four / per_token, ",.1f", "tokens"),
        ("room on three, as reported", "3 x 42.406 - 104", real / per_token, ",.1f", "tokens"),
    ]
    return [_row(*row) for row in rows]


if __name__ == "__main__":
    times, room = time_lines(), room_lines()
    for row in times + room:
        print(f"{row['what']:27} {row['result']:>16} {row['unit']}")
    per_token = kv_bytes_per_token(LAYERS, 1, D_MODEL)
    on_three, on_four = cache_room(3) / per_token, cache_room(4) / per_token
    cache_equals_weights = 2 * PARAMS_52B / per_token
    busy_percent = 100 / ridge_point(PEAK_FLOPS, PEAK_BYTES)
    eight_bit = break_even_tokens(PEAK_FLOPS, PEAK_BYTES, bytes_per_param=1)
    all_52b_ms = 1e3 * forward_time(PARAMS_52B, 1, PEAK_FLOPS, PEAK_BYTES)
    full_chats = cache_equals_weights / 8192
    rounded_room = 56 / 0.002
    lost_e_rate = 1.5**12
    lost_e_years = 2 * 2 * LAYERS * D_MODEL**2 / lost_e_rate / (365.25 * 24 * 3600)
    print(f"one token keeps {busy_percent:.2f} % of the arithmetic busy")
    print(f"8-bit weights break even at {eight_bit:.0f} tokens")
    print(f"reading at 1.5^12 instead of 1.5e12 byte/s: {lost_e_years:.1f} years")
