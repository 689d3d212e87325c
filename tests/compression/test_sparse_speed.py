import pytest
import torch

from sitebuild.book import Book
from snippets.compression.sparse_speed import csr_times
from snippets.tools.stopwatch import in_turns


def test_bytes_and_times_of_every_share():
    rows = csr_times(torch.randn(32, 40), torch.randn(40, 1), (0.5, 0.9))
    assert [row["zeros"] for row in rows] == [0.5, 0.9]
    assert rows[0]["bytes"] == (8 * 32 * 20 + 4 * 33) / (4 * 32 * 40)
    assert rows[1]["bytes"] == (8 * 32 * 4 + 4 * 33) / (4 * 32 * 40)
    assert all(row["time"] > 0 for row in rows)


def test_more_work_takes_longer():
    large, small = (torch.randn(n, n) for n in (1024, 64))
    products = {"large": lambda: large @ large[:, :8], "small": lambda: small @ small[:, :8]}
    seconds = in_turns(products, 5)
    assert seconds["large"] > seconds["small"]


def test_no_product_is_refused():
    with pytest.raises(ValueError, match="at least once, got 0"):
        csr_times(torch.ones(2, 2), torch.ones(2, 1), (0.5,), rounds=0)


def test_page_says_zeros_are_not_skipped_and_removed_rows_are():
    values = Book().result("compression.sparse_speed")["values"]
    assert 0.7 < values["by"]["dense, half of it zeros"] < 1.4
    assert values["by"]["half of the rows removed"] < 0.8
    assert values["by"]["2:4, unpacked, then dense"] > 3


def test_page_says_csr_is_slower_at_half_and_faster_in_the_end():
    values = Book().result("compression.sparse_speed")["values"]
    times = [row["time"] for row in values["curve"]]
    assert times[0] > 1.3
    assert times[-1] < 0.5
    assert 0.5 <= values["slow"] < values["fast"] <= 0.98
