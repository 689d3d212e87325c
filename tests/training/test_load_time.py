import pytest

from sitebuild.book import Book
from snippets.inference.roofline import forward_time
from snippets.training.load_time import seconds_to_answer, seconds_to_load


def test_by_hand():
    assert seconds_to_load(350e9, 7e9) == 50


def test_one_pass_for_the_prompt_and_one_for_each_further_token():
    rates = {"flops": 1e15, "bandwidth": 1e13}
    waits = seconds_to_answer(1e9, 101, 11, **rates)
    assert waits["first"] == forward_time(1e9, 101, **rates)
    assert waits["all"] == pytest.approx(waits["first"] + 10 * forward_time(1e9, 1, **rates))


def test_no_road_is_refused():
    with pytest.raises(ValueError, match="got 1, 0"):
        seconds_to_load(1, 0)


def test_page_says_loading_would_take_longer_than_a_chat():
    values = Book().result("training.load_time")["values"]
    line, chat, long = values["rows"]
    assert values["roads"][1]["seconds"] > chat["all"] > 1 > line["all"]
    assert long["all"] > 60
    assert line["first"] == pytest.approx(line["each"])  # reading 200 tokens waits for memory, too
    assert chat["first"] > 2 * chat["each"]
    assert 1.3 < values["per_user"] < 1.4
