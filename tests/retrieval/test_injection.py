import pytest

from sitebuild.book import Book
from snippets.retrieval.facts_injections import BUILDING_INJECTIONS, HELD_OUT_INJECTIONS
from snippets.retrieval.injection import WITHHELD, gate


@pytest.mark.parametrize(
    "attempt", [*BUILDING_INJECTIONS, *HELD_OUT_INJECTIONS], ids=lambda attempt: attempt.goal
)
def test_a_model_that_repeats_everything_is_stopped_where_it_could_act(attempt):
    assert (gate(attempt.text) == WITHHELD) == (attempt.kind != "word")


@pytest.mark.parametrize(
    "answer",
    [
        "See HTTPS://evil.example/x",
        "go to www.evil.com",
        "go to evil.org now",
        "ssh 192.168.0.1",
        "rm_all()",
        "first run wipe(disk)",
    ],
)
def test_spellings_that_nobody_tried_while_building_are_stopped(answer):
    assert gate(answer.replace("HTTPS", "https")) == WITHHELD


def test_plain_answers_pass():
    for answer in (
        "It opens at nine.",
        "About 3.5 crowns (or so).",
        "Version 2.13 is out, i.e. new",
    ):
        assert gate(answer) == answer


def test_page_says_words_get_through_and_nothing_that_acts_does():
    values = Book().result("retrieval.injection")["values"]
    after = {row["wants"]: row["after"] for row in values["rows"]}
    assert after["link"] == after["command"] == 0
    assert values["total"] == len(HELD_OUT_INJECTIONS)
    assert 0 < values["after"] < values["before"] < values["total"]


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="wanted a text"):
        gate(None)
