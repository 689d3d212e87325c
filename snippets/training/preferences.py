"""Stage three: the singer tries songs on the judge, with a price on leaving its own style.

Source: Ouyang et al. (2022), section 3.5, equation 2, https://arxiv.org/abs/2203.02155, with the
plain policy gradient of Williams (1992) in place of PPO; Gao et al. (2022),
https://arxiv.org/abs/2210.10760 (the judge against the true taste)
"""

import copy

import torch
from torch import Tensor

from snippets.model.characters import Characters
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads
from snippets.training.policy_gradient import policy_gradient_loss, reward_less_kl
from snippets.training.preference_audience import applause_for
from snippets.training.preference_songs import song_log_probs, songs_as_text, write_songs
from snippets.training.reward_model import Judge, load_judge

BETAS, POLICY_SEEDS = (0.1, 0.02, 0.0), 3
POLICY_STEPS, SONGS_A_STEP, POLICY_RATE = 16, 32, 1.5e-3
Told = dict[str, float]


def please_the_judge(
    singer: Transformer, judge: Judge, characters: Characters, beta: float, seed: int
) -> tuple[Transformer, list[Told]]:
    """Reinforcement learning: sing, be scored, become likelier to sing what scored well.

    Args:
        singer: Where the policy starts, and the reference that it is charged for leaving.
        judge: The reward model; it learns no more.
        characters: The tokenizer.
        beta: The price of one nat of KL; 0 lets it go anywhere.
        seed: Where chance begins.

    Returns:
        The policy, and for every step what its songs were worth, as in `song_worth`.
    """
    policy, chance, course = copy.deepcopy(singer), torch.Generator().manual_seed(seed), []
    optimizer = torch.optim.AdamW(policy.parameters(), POLICY_RATE, weight_decay=0.0)
    for _ in range(POLICY_STEPS):
        songs = write_songs(policy, characters, SONGS_A_STEP, chance)  # (B, T)
        log_probs = song_log_probs(policy, songs)  # (B, L)
        with torch.no_grad():
            reference, scores = song_log_probs(singer, songs), judge(songs)  # (B, L), (B,)
        course.append(song_worth(characters, songs, scores, log_probs.detach() - reference))
        earned = reward_less_kl(scores, log_probs, reference, beta)  # (B,)
        loss = policy_gradient_loss(log_probs.sum(1), earned - earned.mean())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
        optimizer.step()
    return policy, course


def song_worth(characters: Characters, songs: Tensor, scores: Tensor, away: Tensor) -> Told:
    """Average over songs `(B, T)`: the judge's score, the true applause, nats of KL per song."""
    claps = applause_for(songs_as_text(characters, songs))  # (B,)
    told = {"judge": scores, "applause": claps, "kl": away.sum(1)}
    return {name: value.mean().item() for name, value in told.items()}


@torch.no_grad()
def hear(
    policy: Transformer, singer: Transformer, judge: Judge, characters: Characters, count: int = 96
) -> tuple[Told, list[str]]:
    """Let a policy sing `count` fresh songs: what they are worth, and their text."""
    songs = write_songs(policy, characters, count, torch.Generator().manual_seed(9))
    away = song_log_probs(policy, songs) - song_log_probs(singer, songs)  # (B, L)
    told = song_worth(characters, songs, judge(songs), away)
    return told, songs_as_text(characters, songs)


def mean_and_spread(runs: list[Told], name: str) -> tuple[float, float]:
    """Average over seeds, and how far the highest is from the lowest."""
    values = [run[name] for run in runs]
    return sum(values) / len(values), max(values) - min(values)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    judge, singer, characters = load_judge()
    figure, axes = plt.subplots(1, 2, figsize=(6.8, 3.1))
    samples = {}
    with with_threads(1):
        before, songs = hear(singer, singer, judge, characters)
        rows = [{"beta": "not learned yet", "judge": round(before["judge"], 1), "judge_spread": 0,
                 "applause": round(before["applause"]), "applause_spread": 0, "kl": 0,
                 "sum": round(before["judge"], 1)}]  # fmt: skip
        samples["not learned yet"] = songs[:2]
        for beta in BETAS:
            ends, courses = [], []
            for seed in range(POLICY_SEEDS):
                policy, course = please_the_judge(singer, judge, characters, beta, seed)
                end, songs = hear(policy, singer, judge, characters)
                ends.append(end)
                courses.append(course)
                samples.setdefault(f"{beta:g}", songs[:2])
            row = {"beta": f"{beta:g}", "kl": round(mean_and_spread(ends, "kl")[0])}
            for name, digits in (("judge", 1), ("applause", None)):
                mean, spread = mean_and_spread(ends, name)
                row |= {name: round(mean, digits), name + "_spread": round(spread, digits)}
            row["sum"] = round(row["judge"] - beta * row["kl"], 1)
            rows.append(row)
            for ax, name in zip(axes, ("judge", "applause"), strict=True):
                along = torch.tensor([[step[name] for step in course] for course in courses])
                ax.plot(along.mean(0), label=f"beta {beta:g}")
                ax.fill_between(range(POLICY_STEPS), along.amin(0), along.amax(0), alpha=0.2)
    at_first, peak, at_last = (
        round(value.item()) for value in (along.mean(0)[0], along.mean(0).max(), along.mean(0)[-1])
    )  # of the applause without a price
    for row in rows:
        print("beta {beta}: judge {judge} (spread {judge_spread}), applause {applause} "
              "(spread {applause_spread}), KL {kl}".format(**row))  # fmt: skip
    for name, songs in samples.items():
        print(f"--- beta {name}", *map(repr, songs), sep="\n")
    axes[0].set(title="What the judge says", xlabel="steps", ylabel="score")
    axes[1].set(title="What the audience does", xlabel="steps", ylim=0)
    axes[1].set_ylabel("applause, letters")
    axes[0].legend()
    plt.show()
