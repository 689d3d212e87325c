from snippets.basics.facts_training import GPT_3_RUN, TRAINING_TEXTS


def test_every_number_has_a_source_and_a_day_and_years_go_up():
    years = [text.year for text in TRAINING_TEXTS]
    assert years == sorted(years)
    for fact in (*TRAINING_TEXTS, GPT_3_RUN):
        assert "https://" in fact.source
        assert fact.seen.startswith("2026-11")


def test_one_model_has_one_number_of_tokens():
    assert GPT_3_RUN.tokens == TRAINING_TEXTS[0].tokens
