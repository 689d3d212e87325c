import math

import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.photocopies import refit_spreads, typical_spread


def test_the_first_fit_is_the_spread_of_the_first_numbers():
    for pile_up in (False, True):
        told = refit_spreads(7, 0, 3, pile_up, seed=5)
        drawn = torch.randn(3, 7, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
        torch.testing.assert_close(told, drawn.std(1, keepdim=True))


def test_piling_up_agrees_with_fitting_all_numbers_at_once():
    told = refit_spreads(5, 2, 3, True, seed=11)
    chance, numbers = torch.Generator().manual_seed(11), torch.empty(3, 0, dtype=torch.float64)
    mean, spread = torch.zeros(3, 1), torch.ones(3, 1)
    for generation in range(3):
        drawn = mean + spread * torch.randn(3, 5, generator=chance, dtype=torch.float64)
        numbers = torch.cat([numbers, drawn], dim=1)
        mean, spread = numbers.mean(1, keepdim=True), numbers.std(1, keepdim=True)
        torch.testing.assert_close(told[:, generation], spread[:, 0])


@pytest.mark.parametrize("size", [5, 17, 101])
def test_the_formula_agrees_with_many_runs(size):
    runs = refit_spreads(size, 12, 3000, False, seed=size).double().log().mean(0)
    for refits in (1, 7, 13):
        told = math.log(typical_spread(size, refits))
        assert float(runs[refits - 1]) == pytest.approx(told, rel=0.15, abs=0.004)


def test_two_numbers_by_hand():
    """With two numbers, ln of the spread falls by (gamma + ln 2) / 2 on average in each fit."""
    expected = math.exp(-(0.5772156649 + math.log(2)) / 2)
    assert typical_spread(2, 1) == pytest.approx(expected)
    assert typical_spread(2, 3) == pytest.approx(expected**3)


def test_page_says_replaced_shrinks_and_piled_up_stays():
    values = Book().result("ecosystem.photocopies")["values"]
    assert values["variance"] == 9
    for row in values["rows"]:
        assert row["replaced"] == pytest.approx(row["formula"], rel=0.1)
        assert row["replaced"] < row["piled up"]
    assert values["rows"][0]["replaced"] < 0.01
    assert values["rows"][0]["piled up"] > 0.8
    assert min(row["piled up"] for row in values["rows"][1:]) > 0.98


def test_one_number_is_refused():
    with pytest.raises(ValueError, match="two numbers or more to fit a spread, got 1"):
        refit_spreads(1, 3, 2, False, seed=0)
