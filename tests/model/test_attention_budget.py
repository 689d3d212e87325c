from math import exp, log2

import pytest
import torch

from snippets.model.attention_budget import (
    ENGLISH_WORDS,
    GERMAN_PARTNERS,
    GERMAN_WORDS,
    PARTNER_SCORE,
    alignment_weights,
    share_of_the_best,
    spread_in_bits,
)
from tests.shapes import check_shapes


def translation():
    return alignment_weights(GERMAN_PARTNERS, len(GERMAN_WORDS), PARTNER_SCORE)


def test_the_weights_agree_with_hand_arithmetic():
    weights, _ = check_shapes(alignment_weights, GERMAN_PARTNERS, len(GERMAN_WORDS), PARTNER_SCORE)
    assert weights.shape == (len(ENGLISH_WORDS), len(GERMAN_WORDS))
    for row, partner in zip(weights, GERMAN_PARTNERS, strict=True):
        assert float(row[partner]) == pytest.approx(exp(4) / (exp(4) + 5))


def test_page_says_moved_words_get_no_bonus():
    weights = translation()
    torch.testing.assert_close(weights.sum(-1), torch.ones(5))
    bits = spread_in_bits(weights)
    assert float(bits.max() - bits.min()) < 1e-6
    moved = [i for i, partner in enumerate(GERMAN_PARTNERS) if i != partner]
    assert len(moved) == 2  # I, read moved; yesterday, the, book kept their places


def test_page_says_the_share_received_is_not_fixed():
    received = translation().sum(0)
    helper_verb = GERMAN_WORDS.index("habe")
    assert received[helper_verb] < 0.2 < 0.9 < received[GERMAN_WORDS.index("Buch")]


def test_the_spread_agrees_with_torch_distributions():
    weights = torch.rand(5, 7).softmax(-1)
    expected = torch.distributions.Categorical(weights).entropy() / torch.tensor(2.0).log()
    torch.testing.assert_close(spread_in_bits(weights), expected)
    assert float(spread_in_bits(torch.full((1, 7), 1 / 7))) == pytest.approx(log2(7))


def test_the_share_agrees_with_softmax():
    scores = torch.zeros(101, dtype=torch.float64)
    scores[13] = 3.0
    assert share_of_the_best(3.0, 100) == pytest.approx(float(scores.softmax(0)[13]))


def test_page_says_a_crowd_drowns_the_best():
    assert share_of_the_best(8, 10) > 0.99
    assert share_of_the_best(8, 100_000) < 0.05


def test_a_partner_outside_the_sentence_is_refused():
    with pytest.raises(ValueError, match=r"0\.\.2, got \(3,\)"):
        alignment_weights((3,), 3, 1.0)


def test_a_negative_crowd_is_refused():
    with pytest.raises(ValueError, match="got -1"):
        share_of_the_best(1.0, -1)
