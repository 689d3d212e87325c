from snippets.ecosystem.facts_known_texts import STYLE_PAIRS


def test_pairs_are_of_equal_length_and_share_their_style():
    for pair in STYLE_PAIRS:
        famous, fresh = pair.famous.split(), pair.fresh.split()
        assert abs(len(famous) - len(fresh)) <= 4
        assert famous[-1][-1] == fresh[-1][-1]
        assert pair.source


def test_no_fresh_passage_is_mostly_copied():
    for pair in STYLE_PAIRS:
        famous, fresh = set(pair.famous.lower().split()), set(pair.fresh.lower().split())
        assert len(fresh - famous) > len(fresh) / 3
