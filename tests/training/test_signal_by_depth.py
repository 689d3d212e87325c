import pytest
import torch
from torch import nn

from sitebuild.book import Book
from snippets.training.signal_by_depth import (
    DRAWING_SCHEMES,
    drawing_std,
    foretold_stack,
    foretold_stream,
    through_stack,
    through_stream,
)

I, O = 307, 211  # noqa: E741 distinct primes


@pytest.mark.parametrize(
    ("scheme", "draw"),
    [
        ("Xavier", nn.init.xavier_normal_),
        ("Kaiming", lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu")),
        ("0.02", lambda w: nn.init.normal_(w, std=0.02)),
    ],
)
def test_agrees_with_pytorchs_own_draws(scheme, draw):
    weights = draw(torch.empty(O, I))  # (out, in)
    assert float(weights.std()) == pytest.approx(drawing_std(scheme, I, O), rel=0.02)


def test_xavier_is_the_same_both_ways_kaiming_is_not():
    assert drawing_std("Xavier", I, O) == drawing_std("Xavier", O, I)
    assert drawing_std("Kaiming", I, O) != drawing_std("Kaiming", O, I)


@pytest.mark.parametrize("scheme", DRAWING_SCHEMES)
def test_a_stack_does_what_the_formula_foretells(scheme):
    chance, std = torch.Generator().manual_seed(7), drawing_std(scheme, 512, 512)
    found = torch.stack([through_stack(std, 512, 10, chance) for _ in range(6)]).mean(0)
    torch.testing.assert_close(found, foretold_stack(std, 512, 10), rtol=0.35, atol=0.0)


@pytest.mark.parametrize("share", [1.0, 0.2])
def test_a_stream_grows_by_a_line_as_foretold(share):
    found = through_stream(share, 512, 25, torch.Generator().manual_seed(7))
    torch.testing.assert_close(found, foretold_stream(share, 25), rtol=0.1, atol=0.0)


def test_page_says_vanish_shrink_stay_and_that_the_lines_meet():
    values = Book().result("training.signal_by_depth")["values"]
    rows, (plain, scaled) = values["signal_rows"], values["stream_rows"]
    for row in rows:
        assert row["a layer"] == pytest.approx(row["foretold"], abs=0.015)
    small, xavier, kaiming = rows
    assert small["end"] < 1e-20
    assert xavier["foretold"] == pytest.approx(0.5**0.5)
    assert xavier["end"] < 1e-6
    assert kaiming["foretold"] == pytest.approx(1)
    assert 0.1 <= kaiming["end"] <= 10
    assert plain["end"] == pytest.approx(plain["foretold"], abs=0.3)
    assert scaled["end"] == pytest.approx(2**0.5, abs=0.1)


def test_page_says_for_which_width_two_hundredths_is_right():
    assert Book().result("training.signal_by_depth")["values"]["right_width"] == 5000
    assert drawing_std("Kaiming", 5000, 5000) == pytest.approx(drawing_std("0.02", 1, 1))


def test_unknown_schemes_and_empty_layers_are_refused():
    with pytest.raises(ValueError, match=r"wanted one of .*'Kaiming'.*, got 'loud'"):
        drawing_std("loud", I, O)
    with pytest.raises(ValueError, match="at least 1, got 0 and 3"):
        drawing_std("Xavier", 0, 3)


def test_page_says_without_relu_xavier_stays_and_kaiming_doubles_the_square(monkeypatch):
    monkeypatch.setattr(torch.Tensor, "relu", lambda x: x)
    chance, layers = torch.Generator().manual_seed(7), 10
    for scheme, growth in (("Xavier", 1.0), ("Kaiming", 2.0)):
        std = drawing_std(scheme, 512, 512)
        found = torch.stack([through_stack(std, 512, layers, chance) for _ in range(4)]).mean(0)
        assert float(found[-1] / found[0]) == pytest.approx(growth**layers, rel=0.25)
