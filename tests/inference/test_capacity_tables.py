import pytest

from snippets.inference.capacity import plan
from snippets.inference.capacity_tables import CAPACITY_CASES, benchmark_rows
from snippets.inference.facts_devices import ACCELERATORS


def test_benchmark_agrees_with_the_published_predictions():
    one, two = benchmark_rows()  # kipply prints 16.8 and 8.4 ms, 76 % and 62 %
    assert one["floor"] == pytest.approx(16.8, abs=0.05)
    assert two["floor"] == pytest.approx(8.4, abs=0.05)
    assert [round(row["share"]) for row in (one, two)] == [76, 62]


def test_cases_reach_every_answer():
    plans = [plan(*case) for case in CAPACITY_CASES]
    assert {p.fits for p in plans} == {True, False}
    assert {"weights", "notes", "talk"} <= {p.binds for p in plans}
    assert {case[5] for case in CAPACITY_CASES} == {"bf16", "int4-weights", "fp8"}
    assert any(p.devices_needed == 0 for p in plans)


def test_a_case_with_no_such_model_is_refused():
    with pytest.raises(ValueError, match="unknown model"):
        plan("none", *CAPACITY_CASES[0][1:])


def test_page_says_eight_cards_are_less_than_twice_as_fast_but_hold_more_than_twice_the_users():
    four, eight = (plan("Llama-3-70B", "H100 SXM", n, 8192, 16) for n in (4, 8))
    assert 1.5 < four.decode_seconds / eight.decode_seconds < 2
    assert eight.users_that_fit > 2 * four.users_that_fit
    assert four.pipeline_seconds > 3 * four.decode_seconds
    assert four.binds == "weights"
    assert plan("Llama-3-70B", "H100 SXM", 2, 8192, 16).devices_needed == 4


def test_page_says_predictions_are_floors():
    assert all(row["floor"] < row["measured"] for row in benchmark_rows())
    ratios = [row["measured"] / row["floor"] for row in benchmark_rows()]
    assert all(1.3 < ratio < 1.67 for ratio in ratios)


def test_page_says_forty_cards_for_one_user_mostly_talk():
    forty = plan("Llama-2-13B", "A100 40 GB", 40, 1, 1)
    assert forty.binds == "talk"
    assert plan("Llama-2-13B", "A100 40 GB", 20, 1, 1).decode_seconds < 1.5 * forty.decode_seconds


def test_page_says_the_weights_fit_on_two_cards_but_no_user_does():
    two = plan("Llama-3-70B", "H100 SXM", 2, 8192, 1)
    assert two.weight_bytes + 7 * two.note_bytes_per_user < 160e9
    assert two.users_that_fit == 0


def test_page_says_half_the_users_cost_nearly_twice_as_much():
    full, half = (plan("Llama-3-70B", "H100 SXM", 4, 8192, n) for n in (16, 8))
    assert 1.6 < full.tokens_per_second / half.tokens_per_second < 2


def test_page_says_int4_is_less_than_four_times_as_fast():
    small, big = (plan("Llama-3-8B", "H100 SXM", 1, 8192, 1, p) for p in ("int4-weights", "bf16"))
    assert 2 < big.decode_seconds / small.decode_seconds < 4


def test_page_says_math_binds_prompts_and_bytes_bind_steps():
    plans = [(case, plan(*case)) for case in CAPACITY_CASES]
    assert all(p.binds != "math" for _, p in plans)
    for case, p in plans:
        if case[3] >= 8192:
            chips = {c.name: c for c in ACCELERATORS}
            read = p.weight_bytes / (case[2] * chips[case[1]].bandwidth)
            assert p.prefill_seconds > 5 * read


def test_page_says_one_conversation_leaves_a_bit_that_nobody_can_use():
    hand = plan("Anthropic 52B", "A100 40 GB", 4, 8192, 1)
    free = 160e9 - hand.weight_bytes - hand.reserved_bytes - hand.activation_bytes
    assert 2 * hand.note_bytes_per_user < free < 3 * hand.note_bytes_per_user
    assert hand.users_that_fit == 2
