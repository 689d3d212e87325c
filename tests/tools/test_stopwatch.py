from time import sleep, thread_time

import pytest

from snippets.tools.stopwatch import fastest, in_turns


def test_work_is_done_as_often_as_asked():
    done = []
    assert fastest(lambda: done.append(1), 3) >= 0
    assert len(done) == 3


def test_works_take_turns():
    done = []
    seconds = in_turns({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 3)
    assert "".join(done) == "ababab"
    assert seconds.keys() == {"a", "b"}


def test_a_clock_that_stops_asleep_sees_no_nap():
    works = {"nap": lambda: sleep(0.1)}
    assert in_turns(works, 1, thread_time)["nap"] < 0.05 < in_turns(works, 1)["nap"]


def test_the_fastest_try_counts():
    waits = iter([0.05, 0.001, 0.05])
    assert 0.001 <= fastest(lambda: sleep(next(waits)), 3) < 0.05


@pytest.mark.parametrize("times", [0, -1])
def test_no_work_is_refused(times):
    with pytest.raises(ValueError, match=f"at least once, got {times}"):
        fastest(lambda: None, times)
