from snippets.basics.facts_mixtures import DEEPSEEK_V3_MIXTURE
from snippets.inference.facts_experts import DEEPSEEK_V3_EXPERTS


def test_agrees_with_the_table_of_mixtures():
    ours, theirs = DEEPSEEK_V3_EXPERTS, DEEPSEEK_V3_MIXTURE
    assert (ours.total, ours.active) == (theirs.total_told, theirs.active_told)
    assert (ours.routed + 1, ours.used + 1) == (theirs.experts, theirs.experts_used)  # 1 is shared


def test_source_and_date():
    assert DEEPSEEK_V3_EXPERTS.source.startswith("https://")
    assert DEEPSEEK_V3_EXPERTS.noted == "2026-11-28"
