from datetime import date

from snippets.basics.facts_sizes import NETWORK_SIZES


def test_every_size_has_a_source_and_a_day():
    assert len({network.name for network in NETWORK_SIZES}) == len(NETWORK_SIZES)
    for network in NETWORK_SIZES:
        assert "https://" in network.source
        assert date.fromisoformat(network.seen) >= date(2026, 11, 1)
