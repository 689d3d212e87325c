import pytest
import torch

from sitebuild.book import Book
from snippets.basics.scaling_fit import (
    FORETOLD,
    STEPS,
    WIDTHS,
    ScalingLaw,
    fit_law,
    train_one,
)
from snippets.model.characters import play_ids

LAW = ScalingLaw(floor=1.3, a=5.0, alpha=0.35, b=40.0, beta=0.25)
SIZES = torch.tensor([1e3, 1e4, 1e5]).double().repeat_interleave(3)
READ = torch.tensor([2e4, 1e5, 7e5]).double().repeat(3)


def test_the_law_that_made_the_losses_is_found_again():
    found = fit_law(SIZES, READ, LAW.loss(SIZES, READ))
    for name, value in vars(LAW).items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-4), name


def test_more_of_anything_is_never_foretold_to_hurt():
    noisy = LAW.loss(SIZES, READ) + 0.01 * torch.randn(9, dtype=torch.float64)
    found = fit_law(SIZES, READ, noisy)
    assert (found.loss(2 * SIZES, READ) <= found.loss(SIZES, READ)).all()
    assert (found.loss(SIZES, 2 * READ) <= found.loss(SIZES, READ)).all()


def test_page_says_the_tenth_is_foretold_and_lies_outside():
    values = Book().result("basics.scaling_fit")["values"]
    losses = [row["loss"] for row in values["rows"][:-1]]
    assert len(losses) == len(WIDTHS) * len(STEPS) == 9
    assert FORETOLD[0] > max(WIDTHS)
    assert FORETOLD[1] > max(STEPS)
    assert abs(values["told"] - values["found"]) < 0.08
    assert values["found"] < min(losses) - 0.2
    assert values["misfit"] < 0.08


def test_page_says_six_foretell_it_too_with_other_exponents():  # exercise 4
    values = Book().result("basics.scaling_fit")["values"]
    assert abs(values["told_by_six"] - values["found"]) < 0.08
    assert values["alphas"]["six"] > 2 * values["alphas"]["nine"]


def test_the_same_training_gives_the_same_loss():
    characters, ids, held_out = play_ids()
    exam = held_out[:65][None]
    one, other = (train_one(8, 6, ids, exam, len(characters)) for _ in range(2))
    assert one == other
    assert one["tokens"] == 6 * 16 * 64


def test_too_few_runs_are_refused():
    with pytest.raises(ValueError, match="wanted at least 6 runs, got 5"):
        fit_law(SIZES[:5], READ[:5], READ[:5])
