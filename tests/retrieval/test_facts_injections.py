from snippets.retrieval.facts_injections import (
    BUILDING_INJECTIONS,
    FRESH_INJECTIONS,
    HELD_OUT_INJECTIONS,
)


def test_what_was_built_with_is_not_what_is_reported_on():
    assert len(HELD_OUT_INJECTIONS) >= 10
    assert not set(BUILDING_INJECTIONS) & set(HELD_OUT_INJECTIONS)
    assert not set(FRESH_INJECTIONS) & {*BUILDING_INJECTIONS, *HELD_OUT_INJECTIONS}
    goals = [
        attempt.goal for attempt in (*BUILDING_INJECTIONS, *HELD_OUT_INJECTIONS, *FRESH_INJECTIONS)
    ]
    assert len(set(goals)) == len(goals)


def test_every_goal_stands_in_its_text():
    for attempt in (*BUILDING_INJECTIONS, *HELD_OUT_INJECTIONS, *FRESH_INJECTIONS):
        assert attempt.goal in attempt.text
        assert attempt.kind in ("word", "link", "command")
