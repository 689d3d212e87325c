from itertools import product

import pytest
import torch
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from snippets.model.sampling import check_sampling, next_probabilities, penalize
from tests.shapes import check_shapes

B, T, V = 5, 7, 53


@pytest.fixture
def logits(device):
    return 3 * torch.randn(B, V, device=device)


def test_agrees_with_transformers(logits):
    options = product((0.3, 1.0, 2.5), (None, 1, 11, 100), (None, 0.05, 0.7, 1.0), (None, 0.1, 1.0))
    for temperature, top_k, top_p, min_p in options:
        warpers = [TemperatureLogitsWarper(temperature)]
        warpers += [TopKLogitsWarper(top_k)] if top_k else []
        warpers += [TopPLogitsWarper(top_p)] if top_p else []
        warpers += [MinPLogitsWarper(min_p)] if min_p else []
        expected = logits
        for warper in warpers:
            expected = warper(None, expected)
        chances = next_probabilities(logits, temperature, top_k, top_p, min_p)
        torch.testing.assert_close(chances, expected.softmax(-1), rtol=1e-4, atol=1e-6)


def test_the_penalty_agrees_with_transformers(logits, device):
    text = torch.randint(V, (B, T), device=device)
    for penalty in (0.5, 1.0, 1.7):
        expected = RepetitionPenaltyLogitsProcessor(penalty)(text, logits)
        torch.testing.assert_close(penalize(logits, text, penalty), expected)
    assert torch.equal(penalize(logits, text, 1.0), logits)


def test_shape_comments_hold(logits, device):
    chances, checked = check_shapes(next_probabilities, logits, 0.7, 9, 0.8, 0.1)
    assert (chances.shape, checked) == ((B, V), 5)
    check_shapes(penalize, logits, torch.randint(V, (B, T), device=device), 2.0)


def test_rows_add_up_and_the_likeliest_always_stays(logits):
    for options in ({"top_k": 1}, {"top_p": 1e-9}, {"min_p": 1.0}, {"temperature": 1e-12}):
        chances = next_probabilities(logits, **options)
        torch.testing.assert_close(chances.sum(-1), torch.ones(B, device=logits.device))
        assert torch.equal(chances.argmax(-1), logits.argmax(-1))
        torch.testing.assert_close(chances.max(-1).values, torch.ones(B, device=logits.device))


def test_page_says_temperature_zero_leaves_one_and_two_flattens():
    row = torch.tensor([[2.0, 1.0, 0.0]])
    assert next_probabilities(row, 0.0).tolist() == [[1.0, 0.0, 0.0]]
    tops = [float(next_probabilities(row, t)[0, 0]) for t in (0.5, 1.0, 2.0)]
    for top, expected in zip(tops, (0.867, 0.665, 0.506), strict=True):
        assert abs(top - expected) < 0.001


def test_page_says_a_lead_of_one_point_becomes_a_factor():
    row = torch.tensor([[2.0, 1.0, 0.0]])
    for temperature in (0.5, 1.0, 2.0):
        chances = next_probabilities(row, temperature)[0]
        factor = torch.tensor(1 / temperature).exp()
        torch.testing.assert_close(chances[:2] / chances[1:], factor.expand(2))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"temperature": -0.1}, "temperature: wanted 0 or more, got -0.1"),
        ({"temperature": float("nan")}, "temperature: wanted 0 or more, got nan"),
        ({"temperature": float("inf")}, "temperature: wanted 0 or more, got inf"),
        ({"top_k": 0}, "top_k: wanted a whole number from 1, got 0"),
        ({"top_k": 2.5}, "top_k: wanted a whole number from 1, got 2.5"),
        ({"top_p": 0}, "top_p: wanted more than 0 and at most 1, got 0"),
        ({"top_p": 1.1}, "top_p: wanted more than 0 and at most 1, got 1.1"),
        ({"min_p": -0.1}, "min_p: wanted 0 to 1, got -0.1"),
        ({"min_p": 1.01}, "min_p: wanted 0 to 1, got 1.01"),
        ({"repetition_penalty": 0}, "repetition_penalty: wanted more than 0, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, said):
    plain = {"temperature": 1, "top_k": None, "top_p": None, "min_p": None}
    with pytest.raises(ValueError, match=said):
        check_sampling(**(plain | {"repetition_penalty": 1.0} | wrong))
    check_sampling(**plain, repetition_penalty=1.0)
