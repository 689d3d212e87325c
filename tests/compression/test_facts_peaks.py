from datetime import date

import pytest

from snippets.compression.facts_peaks import B200_PEAK, B300_PEAK, H100_PEAK

PEAKS = [H100_PEAK, B200_PEAK, B300_PEAK]


@pytest.mark.parametrize("peak", PEAKS, ids=lambda peak: peak.chip)
def test_eight_bits_run_at_twice_the_rate_of_sixteen(peak):
    assert peak.fp8 / peak.bf16 == pytest.approx(2, rel=0.01)  # a sparse peak would give 4


@pytest.mark.parametrize("peak", PEAKS, ids=lambda peak: peak.chip)
def test_every_fact_has_a_source_and_a_date(peak):
    assert peak.source.startswith("https://")
    assert date.fromisoformat(peak.seen) >= date(2026, 11, 22)


def test_page_says_width_and_not_integers_makes_the_speed():
    assert H100_PEAK.int8 == H100_PEAK.fp8
    assert B200_PEAK.int8 == B200_PEAK.fp8
    assert B300_PEAK.fp8 > 10 * B300_PEAK.int8
