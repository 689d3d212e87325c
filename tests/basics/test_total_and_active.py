from dataclasses import replace

import pytest

from snippets.basics.facts_mixtures import GPT_OSS_120B, KNOWN_MIXTURES, MIXTRAL_8X7B
from snippets.basics.total_and_active import count_mixture
from snippets.model.parameter_census import count_parameters
from snippets.model.transformer import TransformerConfig


def test_agrees_with_the_census_when_there_is_one_expert():
    plain = TransformerConfig(53, 28, 3, 7, 7, 4, 37, 16, tied=False)
    mixture = replace(
        MIXTRAL_8X7B, vocab_size=53, d_model=28, n_layers=3, attention=4 * 28 * 28, d_expert=37
    )
    total, active = count_mixture(replace(mixture, experts=1, experts_used=1))
    parts = count_parameters(plain)
    assert total == sum(parts.values()) - parts["norms"] + 3 * 28  # one row of router a layer
    assert active == total - 53 * 28  # the table of tokens is looked up


@pytest.mark.parametrize("known", KNOWN_MIXTURES, ids=lambda known: known.name)
def test_agrees_with_what_its_makers_tell(known):
    total, active = count_mixture(known)
    assert total == pytest.approx(known.total_told, rel=0.002)
    assert active == pytest.approx(known.active_told, rel=0.02)


def test_page_says_a_token_uses_a_small_share():
    for known in KNOWN_MIXTURES:
        total, active = count_mixture(known)
        assert active < 0.3 * total
    total, active = count_mixture(GPT_OSS_120B)
    assert active < 0.05 * total


def test_more_experts_than_there_are_is_refused():
    with pytest.raises(ValueError, match="wanted 1 to 8 experts used, got 9"):
        count_mixture(replace(MIXTRAL_8X7B, experts_used=9))
