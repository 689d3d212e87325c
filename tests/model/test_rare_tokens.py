import pytest
import torch

from snippets.model.rare_tokens import DRAWS, RARE, chance_of_any, share_with_any
from snippets.model.sampling import next_probabilities
from snippets.model.smollm2 import load
from tests.shapes import check_shapes

V = 53


def test_agrees_with_counting_all_outcomes():
    """Three draws from 4 tokens, one of them rare: 37 of 64 equally likely outcomes have it."""
    assert chance_of_any(0.25, 3) == pytest.approx(37 / 64)
    assert chance_of_any(0.0, 200) == 0.0
    assert chance_of_any(1.0, 1) == 1.0


def test_draws_agree_with_the_formula():
    chances = torch.rand(V).softmax(-1)
    rare = torch.arange(V) % 17 == 0
    share, checked = check_shapes(share_with_any, chances, rare, 11, 4000, 0)
    assert checked == 4
    expected = chance_of_any(float(chances[rare].sum()), 11)
    assert abs(share - expected) < 4 * (expected * (1 - expected) / 4000) ** 0.5
    assert share_with_any(chances, torch.zeros(V, dtype=torch.bool), 11, 100, 0) == 0
    assert share_with_any(chances, torch.ones(V, dtype=torch.bool), 11, 100, 0) == 1


def test_page_says_a_rare_token_comes_and_a_cut_prevents_it():
    model, tokenizer = load()
    for text, least in (("The cat sat on the", 0.95), ("The capital of France is", 0.75)):
        with torch.no_grad():
            logits = model(torch.tensor([tokenizer.encode(text)]))[:, -1]
        rare = logits[0].softmax(-1) < RARE
        assert rare.sum() > 0.9 * len(rare)
        masses = {
            name: float(next_probabilities(logits, **options)[0][rare].sum())
            for name, options in (
                ("plain", {}),
                ("cold", {"temperature": 0.7}),
                ("cut", {"top_p": 0.9}),
            )
        }
        assert masses["plain"] < 0.025  # together a few percent at most
        assert chance_of_any(masses["plain"], DRAWS) > least
        assert chance_of_any(masses["cold"], DRAWS) < 0.3
        assert masses["cut"] == 0
        drawn = share_with_any(logits[0].softmax(-1), rare, DRAWS, 2000, 1)
        assert abs(drawn - chance_of_any(masses["plain"], DRAWS)) < 0.04


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="wanted 0 to 1, got 1.5"):
        chance_of_any(1.5, 3)
