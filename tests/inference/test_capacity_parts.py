import dataclasses

import pytest

from snippets.inference.capacity_parts import PackedModel, room_taken, step_clock, talk_time
from snippets.inference.facts_capacity import CardLink, ModelSize
from snippets.inference.facts_devices import Accelerator
from snippets.inference.facts_models import ModelShape

TOY = PackedModel(
    ModelSize("toy", 1000, 100, "", ""),
    ModelShape("toy", 3, 10, 2, 2, 5, "", ""),
    Accelerator("chip", 1e6, 1e4, 1e5, "", ""),
    CardLink("chip", 1e5, 0, "", ""),
    n=1,
    context=17,
    batch=7,
    weight=2,
    per_token=120,
    flops=1e6,
    prompt_floor=0.2,
)


def test_talk_agrees_with_kipplys_worked_example():
    # 260B, 80 layers of width 16384, 16 cards: 2.56 ms for one user, 17.9 ms for 512 before the
    # card's own share, which need not travel, is taken off
    assert talk_time(80, 16384, 1, 16, 300e9) == pytest.approx(2.56e-3)
    assert talk_time(80, 16384, 512, 16, 300e9) * 16 / 15 == pytest.approx(17.9e-3, rel=2e-3)


def test_bytes_of_talk_agree_with_a_ring_walked_step_by_step():
    layers, width, tokens, cards = 3, 35, 11, 5
    sent = 0.0
    for _ in range(2 * layers):  # an all-reduce after attention and one after the MLP
        for _ in range(2 * (cards - 1)):  # reduce-scatter, then all-gather, a piece per step
            sent += 2 * width * tokens / cards
    assert talk_time(layers, width, tokens, cards, 1.0) == pytest.approx(sent)


def test_one_card_talks_to_nobody():
    assert talk_time(3, 35, 11, 1, 1.0) == 0


def test_a_toy_by_hand():
    room, clock = room_taken(TOY), step_clock(TOY)
    assert room["weight_bytes"] == 2000
    assert room["note_bytes_per_user"] == 32 * 120  # 17 tokens want two pages
    assert room["activation_bytes"] == 16 * 2 * 10 * 7 * 17
    assert room["users_that_fit"] == (90_000 - 2000 - 38_080) // 3840
    assert clock["fetch_seconds"] == pytest.approx((2000 + 7 * 17 * 120) / 1e4)
    assert clock["math_seconds"] == pytest.approx(7 * (2000 + 4 * 3 * 10 * 17) / 1e6)
    assert clock["prefill_seconds"] == pytest.approx(0.2)  # reading 2000 bytes
    assert clock["binds"] == "notes"


@pytest.mark.parametrize(
    ("change", "binds"),
    [
        ({"batch": 1, "context": 1}, "weights"),
        ({"batch": 50, "context": 50}, "notes"),
        ({"flops": 1e2}, "math"),
        ({"n": 2, "way": CardLink("slow", 1.0, 0, "", "")}, "talk"),
    ],
)
def test_each_part_can_bind(change, binds):
    assert step_clock(dataclasses.replace(TOY, **change))["binds"] == binds


@pytest.mark.parametrize(("cards", "link"), [(0, 1.0), (2, 0.0)])
def test_no_card_and_no_link_are_refused(cards, link):
    with pytest.raises(ValueError, match=f"got {cards} and {link}"):
        talk_time(3, 35, 11, cards, link)
