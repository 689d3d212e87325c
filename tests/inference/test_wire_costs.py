import pytest

from sitebuild.book import Book
from snippets.inference.capacity_parts import SYNC_SECONDS
from snippets.inference.wire_costs import ETHERNET, NVLINK, talk_ms


def test_tensor_by_hand():
    """80 layers, width 8192, 2 bytes: two all-reduces, each 2 x 3/4 of the stream."""
    moved = 80 * 2 * (2 * 3 / 4) * 5000 * 8192 * 2
    assert talk_ms("tensor", 5000, 1e9) == pytest.approx(1e3 * moved / 1e9)


def test_pipeline_by_hand():
    assert talk_ms("pipeline", 5000, 1e9) == pytest.approx(1e3 * 3 * 5000 * 8192 * 2 / 1e9)
    assert talk_ms("pipeline", 1, 1e12) == pytest.approx(3e3 * SYNC_SECONDS)


def test_another_cut_is_refused():
    with pytest.raises(ValueError, match="wanted tensor or pipeline, got 'data'"):
        talk_ms("data", 1, 1.0)


def test_page_says_tensor_wants_nvlink_and_pipeline_does_not_mind():
    rows = Book().result("inference.wire_costs")["values"]["rows"]
    assert NVLINK == 36 * ETHERNET
    token_fast, token_slow, prompt_fast, prompt_slow = rows
    for row in rows:
        assert row["pipeline"] < row["tensor"] / 50
        assert row["pipeline"] < 0.11 * row["work"]
    assert prompt_fast["tensor"] < prompt_fast["work"] / 4
    assert prompt_slow["tensor"] > 8 * prompt_slow["work"]
    assert token_fast["tensor"] < token_fast["work"] / 5
    assert token_slow["tensor"] < token_slow["work"]
