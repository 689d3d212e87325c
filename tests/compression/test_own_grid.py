import pytest
import torch

from sitebuild.book import Book
from snippets.compression.own_grid import gguf_round_trip, relative_errors


def told():
    rows = Book().result("compression.own_grid")["values"]["rows"]
    return {row["format"]: row for row in rows}


@pytest.mark.parametrize("kind", ["Q4_1", "Q5_1", "Q8_0"])
def test_a_second_trip_changes_next_to_nothing(kind):
    once = gguf_round_trip(torch.randn(8, 64), kind)
    twice = gguf_round_trip(once, kind)
    step = (once.amax() - once.amin()) / 15
    assert (twice - once).abs().max() < step / 50


def test_errors_are_shares_of_a_typical_weight():
    weight = torch.randn(8, 64)
    back = gguf_round_trip(weight, "Q4_0")
    share = ((back - weight).square().mean() / weight.square().mean()).sqrt()
    assert relative_errors(weight)["Q4_0"] == pytest.approx(float(share), rel=1e-5)
    assert relative_errors(weight) == pytest.approx(relative_errors(weight * 1000), rel=1e-2)


def test_page_says_its_own_format_is_exact_and_only_there():
    row = told()["Q4_1"]
    assert row["as loaded"] == 0
    assert row["columns shuffled"] > 7
    assert row["MiniLM"] > 7
    others = [row for name, row in told().items() if name not in ("Q4_1", "Q5_1")]
    for other in others:  # those the grid does not flatter
        assert other["as loaded"] == pytest.approx(other["columns shuffled"], rel=0.05)


def test_page_says_q5_1_looks_worse_than_q4_1():
    rows = told()
    assert rows["Q5_1"]["as loaded"] > rows["Q4_1"]["as loaded"]
    assert rows["Q5_1"]["columns shuffled"] < rows["Q4_1"]["columns shuffled"]
    assert rows["Q5_1"]["MiniLM"] < rows["Q4_1"]["MiniLM"]
