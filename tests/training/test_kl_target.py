import math

import pytest
import torch

from snippets.training.kl_target import START, THUMBS_UP, TRUE, best_policy, climb

N = 5


@pytest.fixture
def case():
    return torch.rand(N).double().softmax(0), torch.randn(N).double()


def objective(policy, reference, rewards, beta):
    """Reward minus beta times KL(policy, reference), summed by hand."""
    terms = zip(policy.tolist(), reference.tolist(), rewards.tolist(), strict=True)
    return sum(p * r - beta * p * math.log(p / q) for p, q, r in terms)


@pytest.mark.parametrize("beta", [0.1, 0.5, 2.0])
def test_climbing_arrives_at_the_formula(case, beta):
    reference, rewards = case
    found, told = climb(reference, rewards, beta), best_policy(reference, rewards, beta)
    torch.testing.assert_close(found, told, atol=2e-3, rtol=0)


@pytest.mark.parametrize("beta", [0.1, 0.5, 2.0])
def test_no_other_policy_is_better(case, beta):
    reference, rewards = case
    best = best_policy(reference, rewards, beta)
    most = objective(best, reference, rewards, beta)
    assert best.sum().item() == pytest.approx(1)
    # at the top it is beta times the logarithm of the sum
    total = (reference * (rewards / beta).exp()).sum().log().item()
    assert most == pytest.approx(beta * total)
    for _ in range(200):
        other = (best.log() + 0.3 * torch.randn(N).double()).softmax(0)
        assert objective(other, reference, rewards, beta) <= most + 1e-12


def test_a_large_beta_stays_and_a_small_one_takes_the_best(case):
    reference, rewards = case
    torch.testing.assert_close(best_policy(reference, rewards, 1e6), reference, atol=1e-5, rtol=0)
    assert best_policy(reference, rewards, 1e-3)[rewards.argmax()] > 0.999


def test_page_says_approval_rises_and_truth_falls():
    reference, thumbs, truth = (torch.tensor(row).double() for row in (START, THUMBS_UP, TRUE))
    policies = [best_policy(reference, thumbs, beta) for beta in (1.0, 0.3, 0.1, 0.03)]
    approval = [(policy @ thumbs).item() for policy in policies]
    honest = [(policy @ truth).item() for policy in policies]
    assert approval == sorted(approval)
    assert honest == sorted(honest, reverse=True)
    assert approval[-1] > 0.85
    assert honest[-1] < 0.2 < 0.8 < honest[0]


def test_page_says_what_the_reference_never_says_no_price_brings_about():  # exercise 2
    reference = torch.tensor([*START[:3], 0.0]).double()
    policy = best_policy(reference / reference.sum(), torch.tensor(THUMBS_UP).double(), 0.03)
    assert policy[3] == 0
    assert policy.argmax() == 2


def test_no_price_is_refused():
    with pytest.raises(ValueError, match="wanted a beta above 0, got 0"):
        best_policy(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 2.0]), 0)
