import itertools
import statistics

import pytest
import torch

from sitebuild.book import Book
from snippets.training.grpo import group_advantages, obeys, pass_at_k
from snippets.training.policy_gradient import policy_gradient_loss

P, G = 3, 5


def test_agrees_with_the_standard_library():
    rewards = torch.randn(P, G).double()
    for row, told in zip(rewards.tolist(), group_advantages(rewards).tolist(), strict=True):
        mean, spread = statistics.mean(row), statistics.stdev(row)
        assert told == pytest.approx([(reward - mean) / spread for reward in row])


def test_by_hand():
    # mean 1/4; deviations 3/4 and three times -1/4; spread sqrt((9 + 3) / 16 / 3) = 1/2
    assert group_advantages(torch.tensor([[1.0, 0, 0, 0]]))[0].tolist() == [1.5, -0.5, -0.5, -0.5]


@pytest.mark.parametrize("reward", [0.0, 1.0, 0.1, -7.3])
def test_a_group_of_equals_teaches_nothing(reward):
    logits = torch.randn(G, requires_grad=True)
    advantages = group_advantages(torch.full((1, G), reward))[0]
    assert advantages.tolist() == [0.0] * G
    policy_gradient_loss(logits.log_softmax(0), advantages).backward()
    assert logits.grad.abs().max() == 0


def test_groups_do_not_see_each_other():
    rewards = torch.randn(P, G)
    before = group_advantages(rewards)
    rewards[1] += 100
    torch.testing.assert_close(group_advantages(rewards), before, atol=1e-3, rtol=1e-3)


def test_one_step_makes_what_passed_likelier():
    logits = torch.randn(G).requires_grad_()
    before = logits.detach().softmax(0)
    rewards = torch.tensor([[0.0, 1.0, 0.0, 0.0, 1.0]])
    policy_gradient_loss(logits.log_softmax(0), group_advantages(rewards)[0]).backward()
    with torch.no_grad():
        moved = (logits - 0.1 * logits.grad).softmax(0) - before
    passed = rewards[0] > 0
    assert (moved[passed] > 0).all()
    assert (moved[~passed] < 0).all()


def test_the_checker_counts():
    assert obeys("A good man and a strong hand")
    assert obeys("the")
    assert not obeys("The Elm")


def test_pass_at_k_agrees_with_drawing_every_handful():
    right = torch.tensor([True, False, False, True, False, False, False])
    for k in range(1, 8):
        handfuls = list(itertools.combinations(right.tolist(), k))
        assert pass_at_k(right, k) == pytest.approx(sum(map(any, handfuls)) / len(handfuls))


def test_page_says_what_took_many_tries_now_takes_one():
    before, *after = Book().result("training.grpo")["values"]["rows"]
    assert before["pass_1"] < 0.2
    assert before["pass_32"] > 0.9
    assert min(row["pass_1"] for row in after) > 0.85


def test_too_small_a_group_and_too_many_tries_are_refused():
    with pytest.raises(ValueError, match=r"wanted \(P, G\) rewards with G >= 2, got \(3, 1\)"):
        group_advantages(torch.zeros(P, 1))
    with pytest.raises(ValueError, match="wanted 1 to 5 tries, got 7"):
        pass_at_k(torch.zeros(G, dtype=torch.bool), 7)
