import numpy as np
import pytest
import torch

from snippets.compression.outlier import (
    absmax_round_trip,
    compare_sharing,
    one_outlier,
    typical_error,
)
from tests.shapes import check_shapes

ROWS, COLUMNS, BLOCK = 5, 21, 7


@pytest.mark.parametrize("bits", [3, 8])
def test_agrees_with_a_loop_over_blocks(device, bits):
    x = torch.randn(ROWS, COLUMNS, device=device)
    back, _ = check_shapes(absmax_round_trip, x, bits, BLOCK)[0]
    expected = x.cpu().double().numpy().copy()
    for row in range(ROWS):
        for first in range(0, COLUMNS, BLOCK):
            part = expected[row, first : first + BLOCK]
            step = np.abs(part).max() / (2 ** (bits - 1) - 1)
            part[:] = np.rint(part / step) * step
    np.testing.assert_allclose(back.cpu(), expected, rtol=1e-4, atol=1e-6)


def test_bytes_are_integers_plus_scales():
    x = torch.randn(ROWS, COLUMNS)
    assert absmax_round_trip(x, 8, None)[1] == ROWS * COLUMNS + 4
    assert absmax_round_trip(x, 8, COLUMNS)[1] == ROWS * COLUMNS + ROWS * 4
    assert absmax_round_trip(x, 8, BLOCK)[1] == ROWS * COLUMNS + ROWS * COLUMNS // BLOCK * 4


def test_an_outlier_hurts_only_those_who_share_its_scale(device):
    x = torch.randn(ROWS, COLUMNS, device=device)
    before, _ = absmax_round_trip(x, 4, BLOCK)
    x[2, 9] = 1000.0  # in the second block of the third row
    after, _ = absmax_round_trip(x, 4, BLOCK)
    changed = before != after
    assert changed[2, 7:14].any()
    changed[2, 7:14] = False
    assert not changed.any()


def test_one_weight_is_huge_and_the_rest_is_not():
    x = check_shapes(one_outlier, 7, 11, 100.0)[0]
    assert (x.abs() > 50).sum() == 1
    assert typical_error(torch.zeros_like(x), x, x.abs() < 50) < 2


def test_blocks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="divide 21 columns, got 4"):
        absmax_round_trip(torch.ones(ROWS, COLUMNS), 8, 4)
    with pytest.raises(ValueError, match="got 0"):
        absmax_round_trip(torch.ones(ROWS, COLUMNS), 8, 0)
    with pytest.raises(ValueError, match="at most 8"):
        absmax_round_trip(torch.ones(ROWS, COLUMNS), 9, BLOCK)


def test_page_says_sharing_with_fewer_saves_the_rest():
    x = one_outlier(256, 1024, 100.0)
    calm = x.clamp(-4, 4)
    clean = typical_error(absmax_round_trip(calm, 8, None)[0], calm, calm.abs() < 4)
    ways = {"tensor": None, "row": 1024, "block": 32}
    tensor, row, block = compare_sharing(x, ways)
    assert tensor["error"] > 20 * clean
    assert row["error"] < tensor["error"] / 10
    assert block["error"] < 0.8 * clean
    assert tensor["zeros"] > 25 > 2 > row["zeros"]


def test_page_says_more_scales_cost_bytes():
    ways = {"tensor": None, "row": 1024, "block": 32}
    tensor, row, block = compare_sharing(one_outlier(256, 1024, 100.0), ways)
    assert 3.99 < tensor["shrinks"] < 4
    assert 3.95 < row["shrinks"] < tensor["shrinks"]
    assert 3.5 < block["shrinks"] < 3.6
