import pytest

from sitebuild.book import Book
from snippets.inference.capacity_tables import benchmark_rows
from snippets.inference.kipply_benchmark import floor_ms, scaled_prompt_ms


def values():
    return Book().result("inference.kipply_benchmark")["values"]


def test_agrees_with_what_she_printed():
    assert floor_ms(1, 1) == pytest.approx(16.8, abs=0.05)
    assert floor_ms(1, 2) == pytest.approx(8.4, abs=0.05)
    assert int(scaled_prompt_ms(22.0, 512, 0.9)) == 48  # cut off, not rounded: it is 48.7
    assert scaled_prompt_ms(13.5, 512, 0.9) == pytest.approx(30, abs=0.15)


def test_agrees_with_the_capacity_chapter():
    assert [floor_ms(1, n) for n in (1, 2)] == pytest.approx([r["floor"] for r in benchmark_rows()])


def test_a_prompt_as_long_as_the_ridge_costs_one_step():
    assert scaled_prompt_ms(7.0, 208, 1.0) == pytest.approx(7.0)
    assert floor_ms(208, 1) == pytest.approx(floor_ms(1, 1))


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="a card and a token at least, got 0 and 1"):
        floor_ms(1, 0)
    with pytest.raises(ValueError, match="a card and a token at least, got 1 and 0"):
        floor_ms(0, 1)
    with pytest.raises(ValueError, match="wanted values above 0"):
        scaled_prompt_ms(0, 512, 0.9)


def test_page_says_so_many_per_cent():
    told = values()
    assert [round(row["share"]) for row in told["decode"]] == [76, 62]
    assert [round(row["share"]) for row in told["products"]] == [72, 54]
    assert told["moved_ridge"] == pytest.approx(231, abs=0.2)


def test_page_says_every_forecast_was_too_kind_and_the_floor_kindest():
    for row in values()["prompt"]:
        assert row["floor"] < row["scaled"] < row["measured"]
        assert row["measured"] < 2.3 * row["floor"]
        assert abs(row["scaled"] - row["printed"]) < 1
    for row in values()["decode"] + values()["products"]:
        assert 50 < row["share"] < 100
