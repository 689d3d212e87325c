import math

import numpy as np
import pytest
import torch
from torch.ao.quantization import HistogramObserver, MinMaxObserver

from snippets.compression.calibration import (
    BINS,
    entropy_limit,
    largest_limit,
    lost_information,
    percentile_limit,
    round_within,
    squared_error_limit,
)
from tests.shapes import check_shapes

A, B = 31, 37


def bell_with_giant(device="cpu", giant=24.0, count=5003):
    x = torch.randn(count, device=device)
    x[count // 2] = -giant
    return x


def test_largest_value_agrees_with_pytorchs_observer():
    x = torch.randn(A, B) - 0.4
    observer = MinMaxObserver(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric, quant_min=-127,
                              quant_max=127)  # fmt: skip
    observer(x)
    scale, zero = observer.calculate_qparams()
    assert zero.item() == 0
    assert largest_limit(x) / 127 == pytest.approx(scale.item(), rel=1e-6)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_rounding_agrees_with_pytorch(device, bits):
    x, top, limit = torch.randn(A, B, device=device), 2 ** (bits - 1) - 1, 1.7
    expected = torch.fake_quantize_per_tensor_affine(x, limit / top, 0, -top, top)
    torch.testing.assert_close(round_within(x, limit, bits), expected)


def test_rounding_with_one_limit_for_each_row(device):
    x = torch.randn(A, B, device=device)
    limits = x.abs().amax(1, keepdim=True)
    for row, limit, got in zip(x, limits, round_within(x, limits), strict=True):
        torch.testing.assert_close(got, round_within(row, limit.item()))


@pytest.mark.parametrize("percent", [50, 90, 99, 99.9, 100])
def test_percentile_agrees_with_numpy(device, percent):
    x = torch.randn(A, B, device=device)
    got = percentile_limit(x, percent)
    expected = np.percentile(x.abs().cpu().numpy(), percent, method="inverted_cdf")
    assert got == pytest.approx(expected, abs=0.02)
    assert (x.abs() <= got).float().mean().item() == pytest.approx(percent / 100, abs=1 / A / B)


@pytest.mark.parametrize("bits", [3, 4, 8])
def test_squared_error_is_not_above_pytorchs_histogram_observer(bits):
    x, top = bell_with_giant(), 2 ** (bits - 1) - 1
    observer = HistogramObserver(dtype=torch.qint8, qscheme=torch.per_tensor_symmetric,
                                 quant_min=-top, quant_max=top)  # fmt: skip
    observer(x)
    scale, _ = observer.calculate_qparams()
    theirs = torch.fake_quantize_per_tensor_affine(x, scale.item(), 0, -top, top)
    ours = round_within(x, squared_error_limit(x, bits), bits)
    assert (ours - x).square().mean() <= 1.0001 * (theirs - x).square().mean()
    plain = round_within(x, largest_limit(x), bits)
    assert (ours - x).square().mean() <= (plain - x).square().mean()


def test_squared_error_agrees_with_a_finer_search():
    x = torch.randn(A * B)
    errors = {
        limit: (round_within(x, limit, 4) - x).square().sum().item()
        for limit in torch.linspace(0.05, 4, 4001).tolist()
    }
    got = (round_within(x, squared_error_limit(x, 4), 4) - x).square().sum().item()
    assert got == pytest.approx(min(errors.values()), rel=0.01)


def slow_divergence(counts, kept, labels):
    """The same in loops, after the published description."""
    p = counts[:kept].copy()
    p[-1] += counts[kept:].sum()
    q = np.zeros(kept)
    for label in range(labels):
        own = [b for b in range(kept) if b * labels // kept == label]
        used = [b for b in own if counts[b] > 0]
        for b in used:
            q[b] = sum(counts[k] for k in own) / len(used)
    p, q = p / p.sum(), q / max(q.sum(), 1)
    return sum(
        math.inf if q[b] == 0 else p[b] * math.log(p[b] / q[b]) for b in range(kept) if p[b] > 0
    )


def test_lost_information_agrees_with_loops(device):
    rng = np.random.default_rng(0)
    counts = rng.poisson(3, 97).astype(float)
    for kept, labels in ((97, 8), (61, 8), (29, 29), (13, 8)):
        got, _ = check_shapes(lost_information, torch.tensor(counts, device=device), kept, labels)
        assert got == pytest.approx(slow_divergence(counts, kept, labels))


def test_what_occurs_may_not_be_called_impossible():
    counts = torch.tensor([4.0, 2.0, 0.0, 1.0]).double()
    assert lost_information(counts, 3, 2) == math.inf  # the giant would fall into an empty bin
    assert lost_information(counts, 4, 4) == 0


def test_entropy_limit_is_the_best_of_all():
    x = bell_with_giant(count=1009)
    counts = np.histogram(x.abs().numpy(), BINS, (0, x.abs().max().item()))[0].astype(float)
    scores = {kept: slow_divergence(counts, kept, 8) for kept in range(1, 400) if kept >= 8}
    got = entropy_limit(x, 4) * BINS / x.abs().max().item()
    assert got == pytest.approx(min(scores, key=scores.get), abs=1.5)


def test_what_cannot_be_calibrated_is_refused():
    for bad in (torch.zeros(3), torch.tensor([1.0, math.nan]), torch.ones(0)):
        for rule in (largest_limit, squared_error_limit, entropy_limit):
            with pytest.raises(ValueError, match="x must be finite and not all 0"):
                rule(bad)
    for percent in (0, 100.1, -3):
        with pytest.raises(ValueError, match=f"at most 100, got {percent}"):
            percentile_limit(torch.ones(3), percent)
    with pytest.raises(ValueError, match="from 2 to 10, got 11"):
        entropy_limit(torch.ones(3), 11)


def test_page_says_clipping_the_giant_saves_the_others():
    for seed in range(3):
        torch.manual_seed(seed)
        x = bell_with_giant(count=20_011)
        ordinary = x.abs() < 20
        whole, *clipped = [
            (round_within(x, limit, 4) - x)[ordinary].square().mean().sqrt().item()
            for limit in (
                largest_limit(x),
                percentile_limit(x, 99.9),
                squared_error_limit(x, 4),
                entropy_limit(x, 4),
            )
        ]
        assert max(clipped) < whole / 5
        assert squared_error_limit(x, 8) > 2 * squared_error_limit(x, 4)
