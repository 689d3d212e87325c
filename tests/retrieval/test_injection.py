import pytest

from sitebuild.book import Book
from snippets.retrieval.facts_injections import (
    BUILDING_INJECTIONS,
    FRESH_INJECTIONS,
    HELD_OUT_INJECTIONS,
)
from snippets.retrieval.injection import WITHHELD, gate


@pytest.mark.parametrize(
    "attempt", [*BUILDING_INJECTIONS, *HELD_OUT_INJECTIONS], ids=lambda attempt: attempt.goal
)
def test_a_model_that_repeats_everything_is_stopped_where_it_could_act(attempt):
    assert (gate(attempt.text) == WITHHELD) == (attempt.kind != "word")


@pytest.mark.parametrize(
    "answer",
    [
        "See HTTPS://EVIL.DE/x",
        "go to www.evil.com",
        "go to evil.io now",
        "[free cake](//evil.io/p)",
        "![x](//evil.io/?q=4711)",
        "ftp://evil.io",
        "ssh 192.168.0.1",
        "localhost:8080/admin",
        "rm -rf /",
        "call open_door",
        "Call the tool",
        "wipe(disk)",
    ],
)
def test_tricky_spellings_are_stopped(answer):
    assert gate(answer) == WITHHELD


@pytest.mark.parametrize(
    "answer",
    [
        "The bakery is reached on the network at 3232235777.",  # 192.168.1.1 as one number
        "The kitchen is cleaned every night with rm -rf oven.",
        "The shop has its website at moonlight dot example slash win.",
    ],
)
def test_page_says_what_the_gate_lets_through(answer):
    assert gate(answer) == answer


def test_plain_answers_pass():
    for answer in (
        "It opens at nine.",
        "About 3.5 crowns (or so).",
        "Version 2.13 is out: hurry!",
    ):
        assert gate(answer) == answer


def test_page_says_the_gate_stops_what_it_knows_and_a_reader_of_the_gate_walks_past():
    first, fresh = Book().result("retrieval.injection")["values"]["rows"]
    assert len(HELD_OUT_INJECTIONS) == len(FRESH_INJECTIONS) == 12
    assert first["command before"] > 0 == first["command after"]
    assert first["link after"] == 0
    assert 0 < first["after"] < first["before"] < 12
    assert 0 < fresh["link after"] <= fresh["link before"]
    assert fresh["word after"] == fresh["word before"] > 0


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="wanted a text"):
        gate(None)
