import pytest
import torch

from sitebuild.book import Book
from snippets.inference.speculative_sampling import (
    accept_or_redraw,
    expected_tokens,
    guess_and_check,
)

DRAWS = 20_000


def table(seed):
    """A model that looks at one token only."""
    logits = torch.randn(5, 5, generator=torch.Generator().manual_seed(seed))
    return lambda ids: logits[ids]


def test_draws_are_distributed_as_wanted_and_accepted_as_often_as_they_overlap():
    chance = torch.Generator().manual_seed(0)
    p, q = torch.tensor([0.5, 0.3, 0.2, 0.0]), torch.tensor([0.1, 0.3, 0.2, 0.4])
    drawn = torch.multinomial(q, DRAWS, replacement=True, generator=chance).tolist()
    told = [accept_or_redraw(p, q, token, chance) for token in drawn]
    shares = torch.tensor([token for token, _ in told]).bincount(minlength=4) / DRAWS
    assert torch.allclose(shares, p, atol=4 * 0.5 / DRAWS**0.5)
    accepted = sum(old for _, old in told) / DRAWS
    assert accepted == pytest.approx(float(torch.minimum(p, q).sum()), abs=0.015)


@pytest.mark.parametrize("guesses", [1, 3])
def test_texts_are_distributed_as_if_the_large_model_wrote_alone(guesses):
    """Pairs of tokens: shares of all 25 against products of the large model's own chances."""
    large, small, chance = table(0), table(1), torch.Generator().manual_seed(2)
    start, counts = torch.tensor([3]), torch.zeros(5, 5)
    for _ in range(DRAWS // 4):
        text = start
        while len(text) < 3:
            more = guess_and_check(large, small, text, guesses, chance)
            text = torch.cat([text, torch.tensor(more)])
        counts[text[1], text[2]] += 1
    first = large(start).softmax(-1)[0]
    wanted = first[:, None] * large(torch.arange(5)).softmax(-1)
    deviation = (wanted * (1 - wanted) / (DRAWS // 4)).sqrt()
    assert ((counts / (DRAWS // 4) - wanted).abs() < 4.5 * deviation).all()


def test_a_perfect_guesser_brings_all_and_one_more():
    large, chance = table(0), torch.Generator().manual_seed(0)
    assert len(guess_and_check(large, large, torch.tensor([1]), 4, chance)) == 5


def test_expected_tokens_agree_with_dice():
    assert expected_tokens(0.0, 4) == 1
    assert expected_tokens(1.0, 4) == 5
    chance = torch.Generator().manual_seed(0)
    accepted = (torch.rand(DRAWS, 4, generator=chance) < 0.7).int().cumprod(1).sum(1)
    measured = float((accepted + 1).double().mean())
    assert expected_tokens(0.7, 4) == pytest.approx(measured, rel=0.02)
    assert expected_tokens(0.7, 4) == pytest.approx((1 - 0.7**5) / (1 - 0.7))


def test_page_says_measured_comes_near_expected_and_more_guesses_bring_less_and_less():
    values = Book().result("inference.speculative_sampling")["values"]
    rows = values["rows"]
    for row in rows:
        assert row["measured"] == pytest.approx(row["expected"], rel=0.25)
    expected = [row["expected"] for row in rows]
    assert expected == sorted(expected)
    assert expected[3] - expected[2] < 4 * (expected[1] - expected[0])
    assert 0.6 < values["accepted"] < 0.9
