from datetime import date

from snippets.training.facts_preferences import INSTRUCT_GPT, PREFERENCE_METHODS


def test_every_fact_has_source_and_date():
    for fact in (INSTRUCT_GPT, *PREFERENCE_METHODS):
        assert "https://" in fact.source
        assert date.fromisoformat(fact.seen) <= date(2026, 11, 28)


def test_page_says_who_needs_what():
    methods = {method.name: method for method in PREFERENCE_METHODS}
    assert [name for name, m in methods.items() if m.value_model] == ["PPO"]
    assert [name for name, m in methods.items() if not m.writes] == ["DPO"]
    assert not methods["DPO"].judge
    assert not methods["GRPO with a checker"].judge
    assert INSTRUCT_GPT.people == 40
