import pytest
import torch

from snippets.compression.calibration import percentile_limit
from snippets.compression.rulers_by_hand import clipped_count
from snippets.compression.smoothing import smoothing


@pytest.mark.parametrize(("percent", "outside"), [(100, 0), (99, 10), (50, 500), (0.1, 999)])
def test_count_agrees_with_arithmetic(percent, outside):
    assert clipped_count(torch.randperm(1000) + 1.0, percent) == outside


def test_no_values_are_refused():
    with pytest.raises(ValueError, match="x must be finite and not all 0"):
        clipped_count(torch.zeros(3), 99)


def test_page_says_the_hand_worked_channels_come_out_so():
    inputs, weight = torch.tensor([[-100.0, 4.0], [50.0, 2.0]]), torch.tensor([[1.0, -4.0]])
    s = smoothing(inputs, weight)
    assert s.tolist() == [10, 1]
    assert ((inputs / s) @ (weight * s).mT).flatten().tolist() == [-116, 42]


def test_page_says_fifteen_of_twenty_giants_are_clipped_to_the_next():
    x = torch.randn(256, 576)
    x.view(-1)[:20] = torch.arange(1000.0, 1020.0)
    assert clipped_count(x, 99.99) == 15
    assert percentile_limit(x, 99.99) == 1004
