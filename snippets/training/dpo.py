"""Direct preference optimization: learn from comparisons with no judge and no singing.

Source: Rafailov et al. (2023), equation 7, https://arxiv.org/abs/2305.18290
"""

import copy
import math

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from snippets.model.characters import Characters
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads
from snippets.training.preference_audience import applause_for
from snippets.training.preference_songs import (
    load_singer,
    song_log_probs,
    songs_as_text,
    write_songs,
)
from snippets.training.reward_model import PAIRS, draw_pairs

DPO_BETAS, DPO_SEEDS = (0.03, 1.0), 3
DPO_STEPS, DPO_BATCH, DPO_RATE = 20, 24, 3e-4


def dpo_loss(
    policy_chosen: Tensor,
    policy_rejected: Tensor,
    ref_chosen: Tensor,
    ref_rejected: Tensor,
    beta: float,
) -> Tensor:
    r"""Say how surprised a policy is by what people preferred, as if it were its own judge.

    $-\frac1N \sum \log \sigma\big(\beta (\Delta_\text{chosen} - \Delta_\text{rejected})\big)$ with
    $\Delta = \log \pi - \log \pi_\text{ref}$, in nats.

    Args:
        policy_chosen: `(N,)`, log-probability of each preferred answer under the policy.
        policy_rejected: `(N,)`, of what it was compared with.
        ref_chosen: `(N,)`, as policy_chosen, under the reference, which never changes.
        ref_rejected: `(N,)`, as policy_rejected, under the reference.
        beta: How dear it is to leave the reference; above 0.

    Raises:
        ValueError: If there is no pair, something has no partner, or beta is not above 0.
    """
    given = (policy_chosen, policy_rejected, ref_chosen, ref_rejected)
    if len({tuple(part.shape) for part in given}) > 1 or not policy_chosen.numel():
        sizes = ", ".join(str(tuple(part.shape)) for part in given)
        raise ValueError(f"wanted four times (N,) with at least one pair, got {sizes}")
    if not beta > 0:
        raise ValueError(f"wanted a beta above 0, got {beta}")
    moved_chosen, moved_rejected = policy_chosen - ref_chosen, policy_rejected - ref_rejected
    return -logsigmoid(beta * (moved_chosen - moved_rejected)).mean()


def train_dpo(
    singer: Transformer, pairs: Tensor, reference: Tensor, beta: float, seed: int
) -> tuple[Transformer, list[float]]:
    """Learn from pairs: no judge, and no song is sung.

    Args:
        singer: Where the policy starts.
        pairs: `(2, N, T)`, int64: chosen songs, and what they were compared with.
        reference: `(2, N)`, their log-probabilities under the singer.
        beta: How dear it is to leave the singer.
        seed: Where chance begins.

    Returns:
        The policy, and the loss of every step before it, in nats.
    """
    policy, losses = copy.deepcopy(singer), []
    optimizer = torch.optim.AdamW(policy.parameters(), DPO_RATE, weight_decay=0.0)
    chance = torch.Generator().manual_seed(seed)
    for _ in range(DPO_STEPS):
        rows = torch.randint(pairs.shape[1], (DPO_BATCH,), generator=chance)
        told = whole_songs(policy, pairs[:, rows].flatten(0, 1)).view(2, -1)  # (2, n)
        loss = dpo_loss(*told, *reference[:, rows], beta)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return policy, losses


def whole_songs(model: Transformer, songs: Tensor) -> Tensor:
    """Log-probability of each of songs `(B, T)` as a whole: `(B,)`, in nats."""
    return song_log_probs(model, songs).sum(1)


@torch.no_grad()
def dpo_report(
    policy: Transformer, singer: Transformer, characters: Characters, exam: Tensor
) -> dict[str, float]:
    """Measure on pairs `(2, N, T)` that it never saw, and on 96 songs of its own."""
    moved = [(whole_songs(policy, s) - whole_songs(singer, s)).mean().item() for s in exam]
    songs = write_songs(policy, characters, 96, torch.Generator().manual_seed(9))
    away = whole_songs(policy, songs) - whole_songs(singer, songs)  # (B,)
    claps = applause_for(songs_as_text(characters, songs)).mean().item()
    report = {"applause": claps, "kl": away.mean().item()}
    return report | {"chosen": moved[0], "rejected": moved[1]}


if __name__ == "__main__":
    singer, characters = load_singer()
    rows = []
    with with_threads(1):
        pairs = torch.stack(draw_pairs(singer, characters, PAIRS, seed=1)[:2])  # (2, N, T)
        exam = torch.stack(draw_pairs(singer, characters, 64, seed=2)[:2])
        with torch.no_grad():
            reference = torch.stack([whole_songs(singer, songs) for songs in pairs])  # (2, N)
        for beta in DPO_BETAS:
            reports, first = [], set()
            for seed in range(DPO_SEEDS):
                policy, losses = train_dpo(singer, pairs, reference, beta, seed)
                reports.append(dpo_report(policy, singer, characters, exam))
                first.add(round(losses[0], 3))
            row = {"beta": f"{beta:g}"}
            for name in ("applause", "kl", "chosen", "rejected"):
                values = [report[name] for report in reports]
                row |= {name: round(sum(values) / len(values), 1)}
                row |= {name + "_spread": round(max(values) - min(values), 1)}
            rows.append(row)
            print("beta {beta}: applause {applause}, KL {kl}".format(**row))
            print("  nats moved: chosen {chosen:+}, rejected {rejected:+}".format(**row))
    first_loss = first.pop()
    print(f"the first loss is always {first_loss}; ln 2 is {math.log(2):.3f}")
