import random

import pytest

from snippets.basics.good_turing import MENTION, least_errors, share_never_seen, share_seen_once
from snippets.tools.texts import read_plays


def test_two_cases_by_hand():
    assert share_seen_once(["a", "a", "b", "c"]) == 0.5
    assert share_never_seen(["a", "b"], ["a", "c", "c", "b"]) == 0.5
    assert MENTION.findall("Then said the Duke to Hamlet, Ophelia is here.") == [
        "Duke",
        "Hamlet",
        "Ophelia",
    ]


def test_agrees_with_the_true_chance_of_something_new():
    """Draw from known chances: what is left unseen is then known exactly."""
    draw, kinds = random.Random(1), list(range(2000))
    chances = [1 / (kind + 1) for kind in kinds]
    seen = draw.choices(kinds, chances, k=5000)
    missing = sum(chances[kind] for kind in set(kinds) - set(seen)) / sum(chances)
    assert share_seen_once([str(kind) for kind in seen]) == pytest.approx(missing, abs=0.02)


def test_page_says_seen_once_tells_what_is_new():
    mentions = [name for play in read_plays().values() for name in MENTION.findall(play)]
    random.Random(3).shuffle(mentions)  # another order than the demo's
    for size in (2000, 8000):
        known, new = mentions[:size], mentions[size:]
        assert share_seen_once(known) == pytest.approx(share_never_seen(known, new), abs=0.025)


def test_page_says_the_bound_says_nothing_for_few_facts():
    assert least_errors(0.2, 10_000, 364) == 0
    assert 0.05 < least_errors(0.2, 1_000_000, 364) < 0.1
    assert 0.17 < least_errors(0.2, 100_000_000, 364) < 0.2


def test_nothing_seen_is_refused():
    with pytest.raises(ValueError, match="at least one thing, got none"):
        share_seen_once([])
