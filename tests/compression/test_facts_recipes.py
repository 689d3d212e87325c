from datetime import date

import pytest

from snippets.compression.facts_recipes import (
    BITNET_RECIPE,
    GEMMA_3_QAT_RECIPE,
    GPT_OSS_RECIPE,
    GPTQ_RECIPE,
    RECIPES,
    SMOOTHQUANT_RECIPE,
)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_fact_has_a_source_and_a_date(recipe):
    assert recipe.source.startswith("https://")
    assert date.fromisoformat(recipe.seen) >= date(2026, 11, 28)


def test_what_trains_needs_text_and_what_does_not_is_told_apart():
    assert {r for r in RECIPES if r.trains} == {GEMMA_3_QAT_RECIPE, GPT_OSS_RECIPE, BITNET_RECIPE}
    assert all((r.examples == "training text") == r.trains for r in RECIPES)
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)


def test_page_says_many_need_no_examples_and_round_only_weights():
    afterwards = [recipe for recipe in RECIPES if not recipe.trains]
    without = [recipe for recipe in afterwards if recipe.examples.startswith("none")]
    assert 2 * len(without) > len(afterwards)
    assert GPTQ_RECIPE not in without
    assert SMOOTHQUANT_RECIPE not in without
    assert sum(recipe.activations == "16" for recipe in afterwards) * 2 >= len(afterwards)
