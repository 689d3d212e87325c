"""Stage two: a judge learns from comparisons which of two songs people would like better.

Sources: Ouyang et al. (2022), section 3.5, equation 1, https://arxiv.org/abs/2203.02155; Bradley
and Terry (1952), https://doi.org/10.2307/2334029
"""

import copy

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from snippets.model.characters import Characters
from snippets.model.transformer import Transformer
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads
from snippets.training.preference_audience import FICKLE, applause_for, compare_songs
from snippets.training.preference_songs import (
    SINGER_RECIPE,
    SONG_LENGTH,
    load_singer,
    songs_as_text,
    write_songs,
)

MAKES = True
JUDGE_VERSION, PAIRS, EXAM_PAIRS = 3, 600, 300


class Judge(nn.Module):
    """A language model whose last layer was replaced: one score for a song, no next token."""

    def __init__(self, singer: Transformer):
        """Start from a copy of what has learned to sing."""
        super().__init__()
        self.body = copy.deepcopy(singer)
        self.score = nn.Linear(singer.config.d_model, 1)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, ids: Tensor) -> Tensor:
        """Give songs `(B, T)` a score each, `(B,)`."""
        return self.score(self.body.read(ids)[:, -SONG_LENGTH:].mean(1))[:, 0]


def pair_loss(chosen: Tensor, rejected: Tensor) -> Tensor:
    r"""Bradley-Terry: how surprised a judge is that people preferred what they preferred.

    $-\frac1N \sum \log \sigma(r_\text{chosen} - r_\text{rejected})$, in nats.

    Args:
        chosen: `(N,)`, scores of what people preferred.
        rejected: `(N,)`, scores of what it was compared with.

    Raises:
        ValueError: If there is no pair, or a score has no partner.
    """
    if chosen.shape != rejected.shape or not chosen.numel():
        sizes = f"{tuple(chosen.shape)} and {tuple(rejected.shape)}"
        raise ValueError(f"wanted as many chosen as rejected, at least one pair, got {sizes}")
    return -logsigmoid(chosen - rejected).mean()


def draw_pairs(
    singer: Transformer, characters: Characters, count: int, seed: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Let a singer write pairs and the audience compare them.

    Returns:
        Chosen and rejected songs `(count, T)` each, and `(count,)`: by how many letters the
        chosen one deserved it; below 0 where the audience erred.
    """
    chance = torch.Generator().manual_seed(seed)
    songs = write_songs(singer, characters, 2 * count, chance)  # (2N, T)
    claps = applause_for(songs_as_text(characters, songs))  # (2N,)
    first = compare_songs(claps[:count], claps[count:], chance)  # (N,)
    lead = torch.where(first, claps[:count] - claps[count:], claps[count:] - claps[:count])
    chosen = torch.where(first[:, None], songs[:count], songs[count:])  # (N, T)
    return chosen, torch.where(first[:, None], songs[count:], songs[:count]), lead


def train_judge(judge: Judge, chosen: Tensor, rejected: Tensor, rounds: int = 2) -> list[float]:
    """Learn from pairs, `rounds` times each; the loss of every step, in nats."""
    optimizer = torch.optim.AdamW(judge.parameters(), 1e-3, weight_decay=0.01)
    chance, losses = torch.Generator().manual_seed(0), []
    for _ in range(rounds):
        for rows in torch.randperm(len(chosen), generator=chance).split(24):
            scores = judge(torch.cat([chosen[rows], rejected[rows]]))  # (2N,)
            loss = pair_loss(*scores.chunk(2))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def load_judge() -> tuple[Judge, Transformer, Characters]:
    """Load the judge, whose scores have mean 0 and spread 1 on what the singer writes.

    The singer and the tokenizer come with it.
    """
    singer, characters = load_singer()
    judge = Judge(singer)

    def make() -> dict[str, Tensor]:
        with with_threads(1):
            chosen, rejected, _ = draw_pairs(singer, characters, PAIRS, seed=1)
            train_judge(judge, chosen, rejected)
            with torch.no_grad():
                scores = judge(torch.cat([chosen, rejected]))
                judge.score.bias.sub_(scores.mean())
                judge.score.weight.div_(scores.std())
                judge.score.bias.div_(scores.std())
        return {name: w.detach().double().clone() for name, w in judge.state_dict().items()}

    made_from = repr((JUDGE_VERSION, SINGER_RECIPE, PAIRS, FICKLE)).encode()
    judge.load_state_dict(kept_under("judge", made_from, make))
    return judge.eval(), singer, characters


if __name__ == "__main__":
    judge, singer, characters = load_judge()
    with with_threads(1), torch.no_grad():
        chosen, rejected, lead = draw_pairs(singer, characters, EXAM_PAIRS, seed=2)
        right = judge(chosen) > judge(rejected)
    agree = round(right.float().mean().item(), 2)
    told_apart = lead != 0
    people = round((lead > 0)[told_apart].float().mean().item(), 2)
    deserved = torch.where(lead > 0, right, ~right)[told_apart]
    taste = round(deserved.float().mean().item(), 2)
    print(f"new pairs: the judge agrees with the audience in {agree:.0%}")
    print(f"with their taste in {taste:.0%}; they themselves do in {people:.0%}")
