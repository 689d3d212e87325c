"""Where a program can check the answer, no judge is needed: GRPO with a verifiable reward.

Sources: Shao et al. (2024), section 4.1, https://arxiv.org/abs/2402.03300 (GRPO); Lambert et al.
(2024), https://arxiv.org/abs/2411.15124 (verifiable rewards)
"""

import copy
import math

import torch
from torch import Tensor

from snippets.model.characters import Characters
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads
from snippets.training.policy_gradient import policy_gradient_loss
from snippets.training.preference_songs import (
    load_singer,
    song_log_probs,
    songs_as_text,
    write_songs,
)

GROUP_SIZE, GRPO_STEPS, GRPO_RATE, GRPO_BETA, GRPO_SEEDS = 32, 16, 1e-3, 0.05, 3


def obeys(song: str) -> bool:
    """Check the rule: at most one letter e in the whole song."""
    return song.lower().count("e") <= 1


def group_advantages(rewards: Tensor) -> Tensor:
    """Compare every answer with the others to the same prompt: no value model needed.

    Args:
        rewards: `(P, G)`, for G answers to each of P prompts.

    Returns:
        `(P, G)`, (reward - mean) / spread in each group; 0 where all rewards are equal.

    Raises:
        ValueError: If a group has fewer than two answers.
    """
    if rewards.ndim != 2 or rewards.shape[1] < 2:
        raise ValueError(f"wanted (P, G) rewards with G >= 2, got {tuple(rewards.shape)}")
    better = rewards - rewards.mean(1, keepdim=True)  # (P, G)
    equal = rewards.amax(1, keepdim=True) == rewards.amin(1, keepdim=True)  # (P, 1)
    return (better / rewards.std(1, keepdim=True)).masked_fill(equal, 0.0)


def train_grpo(
    singer: Transformer, characters: Characters, seed: int
) -> tuple[Transformer, list[float]]:
    """Sing in groups and learn from the checker: the policy, and who obeyed at each step."""
    policy, chance, shares = copy.deepcopy(singer), torch.Generator().manual_seed(seed), []
    optimizer = torch.optim.AdamW(policy.parameters(), GRPO_RATE, weight_decay=0.0)
    for _ in range(GRPO_STEPS):
        songs = write_songs(policy, characters, GROUP_SIZE, chance)  # (G, T)
        obeyed = torch.tensor([[float(obeys(s)) for s in songs_as_text(characters, songs)]])
        log_probs = song_log_probs(policy, songs)  # (G, L)
        with torch.no_grad():
            reference = song_log_probs(singer, songs)  # (G, L)
        gap = reference - log_probs  # (G, L)
        kl = (gap.exp() - gap - 1).sum(1).mean()  # never below 0, and right on average
        loss = policy_gradient_loss(log_probs.sum(1), group_advantages(obeyed)[0])
        optimizer.zero_grad()
        (loss + GRPO_BETA * kl).backward()
        torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
        optimizer.step()
        shares.append(obeyed.mean().item())
    return policy, shares


def pass_at_k(right: Tensor, k: int) -> float:
    """Say how likely it is that among k tries drawn from N at least one is right.

    Args:
        right: `(N,)`, bool.
        k: How many tries, 1 to N.

    Raises:
        ValueError: If there are not k tries.
    """
    total, wrong = len(right), int((~right).sum())
    if not 1 <= k <= total:
        raise ValueError(f"wanted 1 to {total} tries, got {k}")
    return 1 - math.comb(wrong, k) / math.comb(total, k)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    groups = torch.tensor([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    advantages = [[round(a, 2) for a in row] for row in group_advantages(groups).tolist()]
    print(f"one of four obeys: {advantages[0]}; all do: {advantages[1]}")
    quiz = torch.tensor([[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0]])
    exercise = [[round(a, 2) for a in row] for row in group_advantages(quiz).tolist()]
    singer, characters = load_singer()
    rows, courses = [], []
    with with_threads(1):
        for name in ("before", *range(GRPO_SEEDS)):
            policy = singer
            if name != "before":
                policy, shares = train_grpo(singer, characters, name)
                courses.append(shares)
            ids = write_songs(policy, characters, 128, torch.Generator().manual_seed(9))
            songs = songs_as_text(characters, ids)
            right = torch.tensor([obeys(song) for song in songs])
            row = {"name": name if name == "before" else f"seed {name}", "song": songs[0]}
            row |= {f"pass_{k}": round(pass_at_k(right, k), 2) for k in (1, 8, 32)}
            rows.append(row)
            print("{name}: {pass_1:.0%} obey: {song!r}".format(**row))

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    for shares in courses:
        ax.plot(shares)
    ax.set(title="A program checks: at most one e", xlabel="steps", ylim=(0, 1.05))
    ax.set_ylabel("songs that obey")
    plt.show()
