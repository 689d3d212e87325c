import math

import numpy as np
import pytest
import torch

from snippets.compression.integer import quantize_absmax
from snippets.compression.quantization import (
    decibels,
    error_by_bits,
    expected_rounding_error,
    rounding_error,
)


def rows_for_other_weights():
    """The page's experiment with another seed: its conclusions must not hang on one draw."""
    weights = 0.02 * torch.randn(512, 512, generator=torch.Generator().manual_seed(7))
    return {row["bits"]: row for row in error_by_bits(weights, [8, 7, 6, 5, 4, 3, 2])}


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_agrees_with_a_search_for_the_nearest_label(device, bits):
    x = torch.randn(17, 19, device=device)
    top = 2 ** (bits - 1) - 1
    values = x.cpu().double().numpy()
    labels = np.linspace(-np.abs(values).max(), np.abs(values).max(), 2 * top + 1)
    nearest = np.abs(values[..., None] - labels).min(-1)
    assert rounding_error(x, bits) == pytest.approx(np.sqrt((nearest**2).mean()), rel=1e-5)


def test_the_prediction_is_the_spread_of_an_even_error():
    even = np.linspace(-0.5, 0.5, 100_001) * 3.0
    assert expected_rounding_error(3.0) == pytest.approx(even.std(), rel=1e-4)


def test_error_never_exceeds_half_a_step(device):
    x = torch.randn(23, 29, device=device)
    for row in error_by_bits(x, [2, 3, 4, 8]):
        assert 0 < row["error"] <= row["step"] / 2


def test_half_the_noise_is_six_decibels():
    assert decibels(1, 0.5) - decibels(1, 1) == pytest.approx(6.02, abs=0.01)
    assert decibels(1, 1) == 0


def test_too_few_bits_are_refused():
    with pytest.raises(ValueError, match="got 1"):
        error_by_bits(torch.ones(3), [1])


def test_page_says_every_bit_about_doubles_the_error():
    rows = rows_for_other_weights()
    for bits in range(3, 8):
        assert 1.95 < rows[bits]["error"] / rows[bits + 1]["error"] < 2.6
    assert rows[8]["db"] - rows[7]["db"] == pytest.approx(20 * math.log10(2), abs=0.2)


def test_page_says_the_prediction_holds_until_the_grid_is_coarser_than_the_weights():
    rows = rows_for_other_weights()
    for bits in range(3, 9):
        assert rows[bits]["error"] == pytest.approx(rows[bits]["expected"], rel=0.03)
    assert rows[2]["error"] < 0.85 * rows[2]["expected"]


def test_page_says_eight_bits_are_harmless_four_noticeable_two_ruinous():
    rows = rows_for_other_weights()
    assert rows[8]["percent"] < 1.5
    assert 15 < rows[4]["percent"] < 25
    assert rows[2]["percent"] > 90


def test_page_says_two_bits_turn_nearly_every_weight_into_zero():
    weights = 0.02 * torch.randn(512, 512, generator=torch.Generator().manual_seed(7))
    q, _ = quantize_absmax(weights, 2)
    assert (q == 0).float().mean() > 0.95


def test_page_says_a_scale_per_row_mends_long_tails():
    weights = 0.02 * torch.randn(512, 512, generator=torch.Generator().manual_seed(7)) ** 3
    size = weights.square().mean().sqrt()
    assert rounding_error(weights, 4) > 0.4 * size
    assert rounding_error(weights, 4, axis=0) < 0.7 * rounding_error(weights, 4)
