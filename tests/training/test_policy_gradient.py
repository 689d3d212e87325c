import pytest
import torch

from snippets.training.policy_gradient import (
    clipped_surrogate,
    policy_gradient_loss,
    reward_less_kl,
)

N, B, T = 5, 7, 11


def stepped(loss, logits, rate=0.1):
    loss.backward()
    with torch.no_grad():
        return (logits - rate * logits.grad).softmax(0)


def test_on_average_it_is_the_slope_of_the_expected_reward():
    logits = torch.randn(N, dtype=torch.float64, requires_grad=True)
    rewards = torch.randn(N, dtype=torch.float64)
    policy = logits.softmax(0)
    (exact,) = torch.autograd.grad((policy * rewards).sum(), logits)
    # every answer as often as the policy gives it: weigh the losses by its probabilities
    average = torch.zeros(N, dtype=torch.float64)
    for answer in range(N):
        told = logits.log_softmax(0)[answer : answer + 1]
        loss = policy_gradient_loss(told, rewards[answer : answer + 1] - 0.7)
        average -= policy[answer].detach() * torch.autograd.grad(loss, logits)[0]
    torch.testing.assert_close(average, exact)  # whatever was expected (here 0.7) cancels


@pytest.mark.parametrize("advantage", [1.0, -1.0])
def test_one_step_moves_the_probability_the_right_way(advantage):
    for loss_of in (
        lambda told, a: policy_gradient_loss(told, a),
        lambda told, a: clipped_surrogate(told, told.detach(), a),
    ):
        logits = torch.randn(N).requires_grad_()
        before = logits.detach().softmax(0)
        loss = loss_of(logits.log_softmax(0)[2:3], torch.tensor([advantage]))
        after = stepped(loss, logits)
        assert (after[2] - before[2]) * advantage > 0


def test_where_nothing_has_moved_both_losses_have_one_slope():
    logits, sampled = torch.randn(N).requires_grad_(), torch.randint(N, (B,))
    advantages = torch.randn(B)
    told = logits.log_softmax(0)[sampled]
    (one,) = torch.autograd.grad(policy_gradient_loss(told, advantages), logits, retain_graph=True)
    (other,) = torch.autograd.grad(clipped_surrogate(told, told.detach(), advantages), logits)
    torch.testing.assert_close(one, other)


@pytest.mark.parametrize(
    ("ratio", "advantage", "push"),
    [(1.3, 1.0, 0), (0.7, -1.0, 0), (0.7, 1.0, 0.7), (1.3, -1.0, -1.3), (1.1, 1.0, 1.1)],
)
def test_the_clip_stops_only_what_went_far_enough(ratio, advantage, push):
    new = torch.tensor([ratio], dtype=torch.float64).log().requires_grad_()
    clipped_surrogate(new, torch.zeros(1).double(), torch.tensor([advantage]).double()).backward()
    assert -new.grad.item() == pytest.approx(push)


def test_the_price_is_beta_for_every_nat():
    reward, policy, reference = torch.randn(B), torch.randn(B, T), torch.randn(B, T)
    for row, got in enumerate(reward_less_kl(reward, policy, reference, 0.3)):
        away = sum((policy[row, t] - reference[row, t]).item() for t in range(T))
        assert got.item() == pytest.approx(reward[row].item() - 0.3 * away, abs=1e-4)
    assert torch.equal(reward_less_kl(reward, policy, policy, 5.0), reward)


def test_answers_without_advantage_are_refused():
    with pytest.raises(ValueError, match=r"at least one answer, got \(7,\) and \(5,\)"):
        policy_gradient_loss(torch.zeros(B), torch.zeros(N))
    with pytest.raises(ValueError, match=r"got \(0,\) and \(0,\)"):
        policy_gradient_loss(torch.zeros(0), torch.zeros(0))
