import pytest
import torch

from sitebuild.book import Book
from snippets.compression.calibration import round_within
from snippets.compression.integer import quantize_absmax
from snippets.compression.static_and_dynamic import (
    calibrated_limits,
    per_token_limits,
    token_errors,
)
from tests.shapes import check_shapes

OUT, N, IN = 7, 11, 13


def test_token_errors_agree_with_a_loop(device):
    weight, x = torch.randn(OUT, IN, device=device), torch.randn(N, IN, device=device)
    rounded = x + 0.1 * torch.randn_like(x)
    got, _ = check_shapes(token_errors, weight, x, rounded)
    for error, old, new in zip(got, x.double(), rounded.double(), strict=True):
        exact = weight.double() @ old
        moved = (weight.double() @ new - exact).square().sum().sqrt() / exact.square().sum().sqrt()
        assert error.item() == pytest.approx(moved.item(), rel=1e-4)
    zeros = torch.zeros_like(x)
    torch.testing.assert_close(token_errors(weight, x, zeros), torch.ones(N, device=device))


def test_per_token_is_absmax_of_each_row(device):
    x = torch.randn(N, IN, device=device)
    q, scale = quantize_absmax(x, bits=8, axis=0)
    torch.testing.assert_close(round_within(x, per_token_limits(x)), q * scale)


def test_a_loud_token_hurts_nobody_else_if_each_has_its_own_ruler():
    weight, x = torch.randn(OUT, IN), torch.randn(N, IN)
    loud = x.clone()
    loud[0] *= 1e5
    quiet, spoilt = (
        token_errors(weight, y, round_within(y, per_token_limits(y)))[1:] for y in (x, loud)
    )
    assert torch.equal(quiet, spoilt)
    shared = token_errors(weight, loud, round_within(loud, loud.abs().max()))
    torch.testing.assert_close(shared[1:], torch.ones(N - 1))


def test_no_rule_ends_beyond_the_largest_value():
    x = torch.randn(N, IN)
    limits = calibrated_limits(x)
    assert limits["largest value"] == x.abs().max().item()
    assert all(0 < limit <= limits["largest value"] * 1.000001 for limit in limits.values())


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"got \[\(7, 13\), \(11, 13\), \(11, 12\)\]"):
        token_errors(torch.ones(OUT, IN), torch.ones(N, IN), torch.ones(N, IN - 1))


def told():
    return {
        row["rule"]: row
        for row in Book().result("compression.static_and_dynamic")["values"]["rows"]
    }


def test_page_says_the_entropy_rule_cuts_off_what_matters():
    rows = told()
    assert rows["entropy"]["usual"] > 4 * rows["largest value"]["usual"]
    assert rows["squared error"]["usual"] < rows["largest value"]["usual"]


def test_page_says_a_fixed_ruler_loses_either_the_first_token_or_all_others():
    for rule, row in told().items():
        if rule == "each token its own":
            assert max(row["first"], row["others"]) < 5
        else:
            assert max(row["first"], row["others"]) > 90
    assert told()["each token its own"]["usual"] == min(row["usual"] for row in told().values())
