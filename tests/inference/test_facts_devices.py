import pytest

from snippets.inference.facts_devices import (
    A100_40GB,
    A100_40GB_REPORTED_BYTES,
    ACCELERATORS,
    H100_SXM,
    H200_SXM,
)


@pytest.mark.parametrize("chip", ACCELERATORS, ids=lambda c: c.name)
def test_every_fact_has_a_source_and_a_date(chip):
    assert chip.source.startswith("https://")
    assert chip.seen.startswith("2026-")


@pytest.mark.parametrize("chip", ACCELERATORS, ids=lambda c: c.name)
def test_rates_are_rates_and_not_powers_of_a_mantissa(chip):
    assert 1e14 < chip.flops < 1e16
    assert 1e12 < chip.bandwidth < 1e13


def test_the_dense_rate_stands_here_not_the_sparse_one():
    assert H100_SXM.flops == H200_SXM.flops < 1000e12
    assert A100_40GB.flops == 312e12


def test_page_says_a_40_gb_card_lies_between_40_gb_and_40_gib():
    assert 40e9 < A100_40GB_REPORTED_BYTES < 40 * 2**30
