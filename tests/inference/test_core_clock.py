import time

import pytest
import torch

from snippets.inference.core_clock import core_seconds
from snippets.tools.threads import with_threads


def test_sleep_is_not_work():
    assert core_seconds({"nap": lambda: time.sleep(0.1)}, rounds=1)["nap"] < 0.05


def test_twice_the_work_takes_longer():
    a = torch.ones(384, 384)
    with with_threads(1):
        works = {"once": lambda: a @ a, "often": lambda: [a @ a for _ in range(12)]}
        best = core_seconds(works, rounds=5)
    assert 0 < 3 * best["once"] < best["often"]


def test_works_take_turns():
    order = []
    core_seconds({name: lambda n=name: order.append(n) for name in "ab"}, rounds=3)
    assert "".join(order) == "ababab"


def test_no_round_is_refused():
    with pytest.raises(ValueError, match="at least once, got 0"):
        core_seconds({}, 0)
