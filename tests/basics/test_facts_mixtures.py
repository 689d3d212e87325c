from snippets.basics.facts_mixtures import DEEPSEEK_V3_MIXTURE, KNOWN_MIXTURES
from snippets.inference.facts_models import DEEPSEEK_V3


def test_every_mixture_has_a_source_and_a_day():
    for known in KNOWN_MIXTURES:
        assert "https://" in known.source
        assert known.seen.startswith("2026-11")


def test_agrees_with_what_another_chapter_says_of_the_same_model():
    assert DEEPSEEK_V3_MIXTURE.n_layers == DEEPSEEK_V3.n_layers
    assert DEEPSEEK_V3_MIXTURE.d_model == DEEPSEEK_V3.d_model
