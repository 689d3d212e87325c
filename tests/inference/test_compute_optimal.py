import pytest
import torch

from sitebuild.book import Book
from snippets.basics.scaling_fit import ScalingLaw
from snippets.inference.compute_optimal import (
    as_law,
    foretell,
    losses_of_budget,
    optimal_budget,
    optimal_split,
)
from snippets.inference.facts_pretraining import CHINCHILLA_REPLICATED, PUBLISHED_LAWS

LAWS = [as_law(told) for told in PUBLISHED_LAWS]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("flops", [1e19, 5.88e23])
def test_agrees_with_trying_every_size(law, flops):
    sizes = torch.logspace(7, 13, 60_001, dtype=torch.float64)
    best = sizes[losses_of_budget(law, flops, sizes).argmin()]
    parameters, tokens = optimal_split(law, flops)
    assert parameters == pytest.approx(float(best), rel=1e-3)
    assert 6 * parameters * tokens == pytest.approx(flops)


def test_a_law_that_treats_both_alike_splits_evenly():
    even = ScalingLaw(1.0, 7.0, 0.5, 7.0, 0.5)
    assert optimal_split(even, 6e20) == pytest.approx((1e10, 1e10))


def test_the_budget_found_gives_the_loss_asked_for():
    law = as_law(CHINCHILLA_REPLICATED)
    budget = optimal_budget(law, 2.1)
    assert foretell(law, *optimal_split(law, budget)) == pytest.approx(2.1)


def test_at_the_point_told_both_models_have_cost_the_same():
    over = Book().result("inference.compute_optimal")["values"]["over"][0]
    small = 6 * 8.03e9 * 15e12 + 2 * 8.03e9 * over["served"]
    twin = 6 * over["twin"] * 1e9 * over["twin tokens"] * 1e12 + 2e9 * over["twin"] * over["served"]
    assert small == pytest.approx(twin)
    law = as_law(CHINCHILLA_REPLICATED)
    both = (
        foretell(law, 8.03e9, 15e12),
        foretell(law, over["twin"] * 1e9, over["twin tokens"] * 1e12),
    )
    assert both[0] == pytest.approx(both[1])


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="flops above 0, got -1"):
        optimal_split(LAWS[0], -1)
    with pytest.raises(ValueError, match=r"above the floor 1.69 .*got 1.5"):
        optimal_budget(LAWS[0], 1.5)


def test_page_says_only_the_second_fit_agrees_with_twenty():
    values = Book().result("inference.compute_optimal")["values"]
    each = [row["each"] for row in values["rows"]]
    assert each[0] > 4 * 20 > each[1] > 2 * 20
    assert 15 < each[2] < 25
    assert values["rows"][2]["parameters"] == pytest.approx(70, rel=0.1)
    over = values["over"]
    assert over[0]["each"] > 90 * 20
    assert over[0]["extra"] > 5 > 2 > over[1]["extra"] > over[2]["extra"] > 1
    assert 4 < over[0]["ratio"] < 4.5
    assert values["gpt_3_best"][0] < 175e9 / 3
    assert 0.9e12 < values["gpt_3_best"][1] < 1.1e12
    assert 5e12 < over[0]["served"] < 15e12
    assert values["detours"]["0.5"] < 0.01
    assert values["detours"]["2"] < 0.01
    assert values["detours"]["10"] > 8 * values["detours"]["2"]
