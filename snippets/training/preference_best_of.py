"""The cheapest way to please a judge: sing n songs, keep the one it likes best.

Source: Gao et al. (2022), https://arxiv.org/abs/2210.10760 (best of n against the true taste);
Stiennon et al. (2020), appendix G.3, https://arxiv.org/abs/2009.01325 (its KL)
"""

import math

import torch
from torch import Tensor

from snippets.tools.threads import with_threads
from snippets.training.preference_audience import applause_for
from snippets.training.preference_songs import songs_as_text, write_songs
from snippets.training.reward_model import load_judge

SONGS_HEARD, TRIES = 1024, (1, 2, 4, 8, 16, 32)


def best_of(scores: Tensor, worth: Tensor, n: int) -> Tensor:
    """Split songs into rounds of n and keep in each the one with the highest score.

    Args:
        scores: `(N,)`, what the judge says.
        worth: `(N,)`, what is to be reported of the songs kept.
        n: How many songs a round has; N must be a multiple.

    Returns:
        `(N / n,)`, the worth of each song kept.

    Raises:
        ValueError: If the songs do not split into rounds of n.
    """
    if n < 1 or len(scores) % n or scores.shape != worth.shape:
        raise ValueError(f"wanted rounds of {n} songs, got {len(scores)} and {len(worth)}")
    best = scores.view(-1, n).argmax(1, keepdim=True)  # (N / n, 1)
    return worth.view(-1, n).gather(1, best)[:, 0]


def best_of_kl(n: int) -> float:
    """Say how far best of n is from single songs at most, in nats: ln n - (n - 1) / n."""
    return math.log(n) - (n - 1) / n


if __name__ == "__main__":
    judge, singer, characters = load_judge()
    with with_threads(1), torch.no_grad():
        songs = write_songs(singer, characters, SONGS_HEARD, torch.Generator().manual_seed(5))
        scores = judge(songs)
    claps = applause_for(songs_as_text(characters, songs))
    rows = []
    for n in TRIES:
        row = {"n": n, "kl": round(best_of_kl(n), 2)}
        row["judge"] = round(best_of(scores, scores, n).mean().item(), 1) + 0.0
        row["applause"] = round(best_of(scores, claps, n).mean().item(), 1)
        row["possible"] = round(best_of(claps, claps, n).mean().item(), 1)
        rows.append(row)
        print("best of {n}: judge {judge}, applause {applause}; KL {kl}".format(**row))
