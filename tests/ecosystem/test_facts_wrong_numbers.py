from snippets.ecosystem.facts_wrong_numbers import PRINTED


def test_every_number_tells_where_and_when():
    assert len({(n.where, n.what) for n in PRINTED}) == len(PRINTED)
    for number in PRINTED:
        assert number.source.startswith("https://")
        assert number.seen[:4] in ("2025", "2026")
