import pytest

from snippets.inference.facts_pretraining import (
    CHINCHILLA_PARAMETERS,
    CHINCHILLA_PRINTED,
    CHINCHILLA_TOKENS,
    CHINCHILLA_UNROUNDED,
    LLAMA_405B_PACE,
    LLAMA_HOURS,
    PUBLISHED_LAWS,
    PUBLISHED_PACES,
    UTILISATION_KEPT,
    UTILISATION_RECOMPUTED,
)
from snippets.training.facts_training_costs import LLAMA_405B_CARDS, LLAMA_405B_TRAINING


def test_hours_add_up_to_the_total_that_is_told():
    assert sum(run.hours for run in LLAMA_HOURS) == pytest.approx(39.3e6, rel=1e-3)


def test_agrees_with_the_facts_of_the_training_chapter():
    assert LLAMA_HOURS[2].hours == LLAMA_405B_TRAINING.card_hours
    assert LLAMA_HOURS[2].tokens == LLAMA_405B_TRAINING.tokens == LLAMA_405B_PACE.tokens
    assert LLAMA_405B_PACE.cards == LLAMA_405B_CARDS


def test_the_printed_law_is_the_longer_one_rounded():
    for number in ("floor", "alpha", "beta"):
        assert getattr(CHINCHILLA_PRINTED, number) == round(
            getattr(CHINCHILLA_UNROUNDED, number), 2
        )
    assert (CHINCHILLA_PRINTED.a, CHINCHILLA_PRINTED.b) == (406.4, 410.7)


def test_twenty_tokens_for_each_weight_of_chinchilla():
    assert CHINCHILLA_TOKENS / CHINCHILLA_PARAMETERS == 20


def test_faster_by_what_the_abstract_says():
    faster = UTILISATION_KEPT / UTILISATION_RECOMPUTED
    assert faster == pytest.approx(1.29, abs=0.005)


def test_every_fact_has_a_source_and_a_date():
    for fact in (*PUBLISHED_LAWS, *PUBLISHED_PACES, *LLAMA_HOURS):
        assert "https://" in fact.source
        assert fact.seen.startswith("2026-")
