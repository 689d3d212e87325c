import pytest

from snippets.inference.capacity import PRECISIONS, plan
from snippets.inference.capacity_parts import CHUNK_TOKENS, RESERVED_SHARE, talk_time
from snippets.inference.example_52b import room_lines, time_lines
from snippets.inference.facts_capacity import MODEL_SIZES
from snippets.inference.facts_devices import ACCELERATORS

FOUR = ("Anthropic 52B", "A100 40 GB", 4, 2048, 1)


def test_agrees_with_the_52b_example_line_by_line():
    p = plan(*FOUR)
    room = {row["what"]: row["value"] for row in room_lines()}
    assert p.weight_bytes == pytest.approx(1e9 * room["all weights"])
    assert p.note_bytes_per_user / 2048 == room["cache per token"]
    left = 160e9 - p.weight_bytes
    assert left / room["cache per token"] == pytest.approx(room["room on four"])
    told = (left - p.reserved_bytes - p.activation_bytes) // p.note_bytes_per_user
    assert p.users_that_fit == told
    talk = time_lines()[12]["value"] - time_lines()[11]["value"]
    assert 1e3 * p.talk_seconds == pytest.approx(talk)


def test_what_is_said_to_fit_fits_and_one_more_does_not():
    for size in MODEL_SIZES:
        for card in ACCELERATORS:
            context = min(size.max_context, 4096)
            p = plan(size.name, card.name, 1, context, 1)
            n = p.users_that_fit
            assert p.fits == (n >= 1)
            if n * context >= CHUNK_TOKENS:  # from here on, the pass in flight grows no more
                assert plan(size.name, card.name, 1, context, n).fits
                assert not plan(size.name, card.name, 1, context, n + 1).fits


def test_devices_needed_are_enough_and_fewer_are_not():
    needed = plan("Llama-3-70B", "H100 SXM", 1, 8192, 16).devices_needed
    assert needed == 4
    assert plan("Llama-3-70B", "H100 SXM", 4, 8192, 16).fits
    assert not plan("Llama-3-70B", "H100 SXM", 2, 8192, 16).fits
    assert plan("Llama-3.1-405B", "A100 40 GB", 8, 8192, 1).devices_needed == 0


def test_every_byte_has_one_place():
    p = plan("Llama-3-8B", "H100 SXM", 1, 8192, 4)
    taken = p.weight_bytes + p.users_that_fit * p.note_bytes_per_user
    taken += p.activation_bytes + p.reserved_bytes
    assert 80e9 - p.note_bytes_per_user < taken <= 80e9
    assert p.reserved_bytes == pytest.approx(80e9 * RESERVED_SHARE)


def test_more_cards_divide_all_but_the_talk():
    two, eight = (plan("Llama-3-70B", "H100 SXM", n, 8192, 16) for n in (2, 8))
    assert two.fetch_seconds == pytest.approx(4 * eight.fetch_seconds)
    assert two.math_seconds == pytest.approx(4 * eight.math_seconds)
    assert two.talk_seconds == eight.talk_seconds == talk_time(80, 8192, 16, 8, 450e9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "Llama-9"}, "unknown model 'Llama-9'; known: SmolLM2-135M"),
        ({"device": "abacus"}, "unknown device 'abacus'; known: A100"),
        ({"precision": "fp7"}, "unknown precision 'fp7'; known: bf16"),
        ({"n_devices": 0}, "n_devices must be a whole number of at least 1, got 0"),
        ({"n_devices": 3}, "64 stored heads do not divide over 3 devices"),
        ({"n_devices": 128}, "64 stored heads do not divide over 128 devices"),
        ({"context": -5}, "context must be a whole number of at least 1, got -5"),
        ({"context": 8193}, "Anthropic 52B reads 8192 tokens at most, got 8193"),
        ({"batch": 0}, "batch must be a whole number of at least 1, got 0"),
        ({"batch": 1.5}, "batch must be a whole number of at least 1, got 1.5"),
        ({"precision": "fp8"}, "A100 40 GB has no hardware for fp8"),
    ],
)
def test_bad_input_is_named(change, message):
    names = ("model", "device", "n_devices", "context", "batch")
    good = dict(zip(names, FOUR, strict=True))
    with pytest.raises(ValueError, match=message):
        plan(**good | change)


def test_fewer_bytes_per_weight_are_faster():
    steps = [plan("Llama-3-8B", "H100 SXM", 1, 4096, 1, p).decode_seconds for p in PRECISIONS]
    assert steps[0] > steps[2] > steps[1]  # 16, 8 and 4 bits: bytes decide, not the arithmetic


def test_a_prompt_waits_for_the_math_and_a_step_for_the_bytes():
    p = plan("Llama-3-70B", "H100 SXM", 4, 8192, 16)
    math = (2 * 70_553_706_496 * 8192 + 2 * 80 * 64 * 128 * 8192**2) / (4 * 989.4e12)
    assert p.prefill_seconds == pytest.approx(math + talk_time(80, 8192, 8192, 4, 450e9))
    assert p.math_seconds < p.fetch_seconds
    short = plan("Llama-3-70B", "H100 SXM", 4, 1, 1)
    assert short.prefill_seconds == pytest.approx(short.weight_bytes / 4 / 3.35e12 + 2.56e-3)
