from datetime import date

from snippets.compression import facts_energy as facts


def test_every_fact_has_a_source_and_a_date():
    known = [f for f in vars(facts).values() if isinstance(f, facts.OperationEnergy)]
    assert len(known) == 5
    for fact in known:
        assert "https://" in fact.source
        assert date.fromisoformat(fact.seen) >= date(2026, 11, 22)


def test_units_are_plausible():
    assert facts.INT8_MULTIPLY.picojoules < facts.FP32_ADD.picojoules
    assert facts.FP32_ADD.picojoules < facts.FP32_MULTIPLY.picojoules
    assert facts.DRAM_READ_32_BITS.picojoules > 100 * facts.FP32_MULTIPLY.picojoules
