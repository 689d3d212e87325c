import pytest

from snippets.compression.facts_peaks import B200_PEAK, B300_PEAK, H100_PEAK
from snippets.inference.facts_accelerators import B200_LOWER_BANDWIDTH, CARD_PEAKS
from snippets.inference.facts_capacity import CARD_LINKS

BY = {(p.name, p.number): p for p in CARD_PEAKS}


@pytest.mark.parametrize("peak", CARD_PEAKS, ids=lambda p: f"{p.name} {p.number}")
def test_every_peak_has_source_date_and_trust(peak):
    assert peak.source.startswith("https://")
    assert peak.noted.startswith("2026-11-")
    assert peak.trust in ("high", "medium", "low")
    assert 1e14 < peak.flops < 2e16
    assert 1e12 < peak.bandwidth < 1e13
    assert peak.width == {"bf16": 2, "fp8": 1, "fp4": 0.5}[peak.number]


def test_no_card_stands_there_twice():
    assert len(BY) == len(CARD_PEAKS)


def test_agrees_with_the_other_tables_of_the_book():
    for name, peak in {"H100 SXM": H100_PEAK, "B200": B200_PEAK, "B300": B300_PEAK}.items():
        for number in ("bf16", "fp8"):
            if (name, number) in BY:
                assert BY[name, number].flops == getattr(peak, number) * 1e12
    fp8 = {way.name: way.fp8_flops for way in CARD_LINKS}
    assert BY["H100 SXM", "fp8"].flops == fp8["H100 SXM"]


def test_half_the_bits_twice_the_rate_and_dense():
    """A sparse rate that slipped in would be four times the dense one of twice the width."""
    ratio = BY["H100 SXM", "fp8"].flops / BY["H100 SXM", "bf16"].flops
    assert ratio == pytest.approx(2, rel=1e-3)
    assert BY["MI300X", "bf16"].flops < 1.4e15  # 2,614.9e12 is its sparse rate


def test_page_says_new_cards_are_less_certain():
    trust = {name: {p.trust for p in CARD_PEAKS if p.name == name} for name, _ in BY}
    assert trust["B300"] == {"low"}
    assert trust["B200"] == trust["MI300X"] == {"medium"}
    assert all(levels == {"high"} for name, levels in trust.items() if name[0] in "AH")
    assert BY["B200", "bf16"].bandwidth > B200_LOWER_BANDWIDTH
