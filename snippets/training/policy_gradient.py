"""Learning from applause: make what earned more than expected likelier, the rest less likely.

Sources: Williams (1992), section 4, https://doi.org/10.1007/BF00992696 (REINFORCE); Schulman et al.
(2017), equation 7, https://arxiv.org/abs/1707.06347 (PPO's clipped surrogate); Ouyang et al.
(2022), equation 2, https://arxiv.org/abs/2203.02155 (KL as part of the reward)
"""

import torch
from torch import Tensor


def policy_gradient_loss(log_probs: Tensor, advantages: Tensor) -> Tensor:
    """REINFORCE: one step down this loss is one step up in expected reward.

    Args:
        log_probs: `(B,)`, log-probability of each sampled answer; gradients go through it.
        advantages: `(B,)`, by how much each answer's reward beat what was expected.

    Raises:
        ValueError: If there is not one advantage for each answer.
    """
    if log_probs.shape != advantages.shape or not log_probs.numel():
        sizes = f"{tuple(log_probs.shape)} and {tuple(advantages.shape)}"
        raise ValueError(f"wanted one advantage for each of at least one answer, got {sizes}")
    return -(advantages.detach() * log_probs).mean()


def clipped_surrogate(new: Tensor, old: Tensor, advantages: Tensor, clip: float = 0.2) -> Tensor:
    """PPO: the same from songs that an older policy wrote, without going far from it.

    Args:
        new: `(B,)`, log-probability of each answer or token now.
        old: `(B,)`, the same when it was sampled.
        advantages: `(B,)`.
        clip: Once a probability has changed by this share, there is nothing more to gain.
    """
    ratio = (new - old.detach()).exp()  # (B,)
    within = ratio.clamp(1 - clip, 1 + clip)  # (B,)
    return -torch.minimum(ratio * advantages, within * advantages).mean()


def reward_less_kl(reward: Tensor, policy: Tensor, reference: Tensor, beta: float) -> Tensor:
    """Charge for every step away from the reference: `(B,)`.

    Args:
        reward: `(B,)`, the judge's scores.
        policy: `(B, T)`, log-probabilities of the sampled tokens under the policy.
        reference: `(B, T)`, the same under the model that it started from.
        beta: The price of one nat.
    """
    return reward - beta * (policy.detach() - reference.detach()).sum(1)


if __name__ == "__main__":
    logits = torch.zeros(4, requires_grad=True)  # a policy over four songs, all equally likely
    rewards = torch.tensor([1.0, 0.0, 0.0, 3.0])
    sampled = torch.arange(4)  # each was sung once
    advantages = rewards - rewards.mean()
    policy_gradient_loss(logits.log_softmax(0)[sampled], advantages).backward()
    with torch.no_grad():
        shares = [round(p, 2) for p in (logits - logits.grad).softmax(0).tolist()]
    print(f"rewards {rewards.tolist()}, advantages {advantages.tolist()}")
    print(f"chances before: 0.25 each; after one step: {shares}")
    print("PPO's push, by how likely a song is now, compared with when it was sung:")
    pushes = []
    for advantage in (1.0, -1.0):
        new = torch.tensor([0.7, 1.0, 1.3]).log().requires_grad_()
        clipped_surrogate(new, torch.zeros(3), torch.full((3,), advantage)).backward()
        row = [round(push, 1) + 0.0 for push in (-3 * new.grad).tolist()]  # no minus zero
        pushes.append(row)
        print(f"advantage {advantage:+.0f}: 0.7 times {row[0]}, as likely {row[1]}, "
              f"1.3 times {row[2]}")  # fmt: skip
