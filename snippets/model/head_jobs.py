"""Find heads with a job by measuring all of them: sinks, previous-token heads, induction heads.

Sources: Xiao et al. (2023), section 3.1, https://arxiv.org/abs/2309.17453 (attention sinks);
Olsson et al. (2022), https://arxiv.org/abs/2209.11895 (induction heads, found on random tokens)
"""

import torch
from torch import Tensor

from snippets.model.attention_weights import attention_weights, hamlet_tokens
from snippets.model.smollm2 import load

NURSERY_RHYMES = (
    "Jack and Jill went up the hill to fetch a pail of water.",
    "Peter Piper picked a peck of pickled peppers; a peck of pickled peppers Peter Piper picked.",
)
HALF = 0.5  # more than half of its weight: that is what counts here as doing a job


def sink_scores(weights: Tensor) -> Tensor:
    """Average, for every head, the weight on the very first token.

    Both this and `previous_scores` start with the third token: for the second one, the first token
    and the previous one are the same.

    Args:
        weights: `(L, H, T, T)`, rows read columns.

    Returns:
        `(L, H)`, from 0 to 1.
    """
    return weights[:, :, 2:, 0].mean(-1)


def previous_scores(weights: Tensor) -> Tensor:
    """Average, for every head, the weight on the token just before; shapes as `sink_scores`."""
    return weights.diagonal(-1, dim1=-2, dim2=-1)[..., 1:].mean(-1)


def induction_scores(weights: Tensor, block: int) -> Tensor:
    """Average the weight on what came after the same token last time.

    Args:
        weights: `(L, H, 2·block, 2·block)`, measured on a block of tokens and the same block again.
        block: Tokens in one copy. Token t of the second copy stood at t - block, what followed it
            stands at t - block + 1.

    Returns:
        `(L, H)`, from 0 to 1.

    Raises:
        ValueError: If the text is not two blocks long.
    """
    if weights.shape[-1] != 2 * block:
        raise ValueError(f"wanted a text of 2 x {block} tokens, got {weights.shape[-1]}")
    return weights.diagonal(1 - block, dim1=-2, dim2=-1)[..., 1:].mean(-1)


def repeated_blocks(texts: int, block: int, vocabulary: int) -> Tensor:
    """Draw blocks of random tokens, each followed by itself: `(texts, 2·block)`, int64."""
    dice = torch.Generator().manual_seed(0)
    return torch.randint(vocabulary, (texts, block), generator=dice).repeat(1, 2)


def top_heads(scores: Tensor, count: int) -> list[tuple[int, int]]:
    """List the (layer, head) of the highest scores `(L, H)`, highest first."""
    return [divmod(place, scores.shape[1]) for place in scores.flatten().topk(count)[1].tolist()]


def _draw_lines(ax, weights: Tensor, names: list[str]) -> None:
    """Draw a line from each token (right) to those it reads; orange where that is the first."""
    for read in range(len(names)):
        for reader, weight in enumerate(weights[:, read].tolist()):
            if weight > 0.05:
                ax.plot([0, 1], [read, reader], color="C0" if read else "C1", linewidth=2 * weight)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set(xticks=[0, 1], xticklabels=["is read", "reads"], xlim=(-0.25, 1.25))
    ax.set(yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.4, -0.6))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    prose = attention_weights(model, torch.tensor([hamlet_tokens(tokenizer, 256)]))
    repeats = repeated_blocks(texts=4, block=64, vocabulary=model.config.vocab_size)
    copying = sum(attention_weights(model, text[None]) for text in repeats) / len(repeats)
    scores = {
        "sink": sink_scores(prose),
        "previous token": previous_scores(prose),
        "induction": induction_scores(copying, 64),
    }
    jobs = []
    for job, score in scores.items():
        (layer, head), many = top_heads(score, 1)[0], int((score > HALF).sum())
        best = round(float(score.max()), 2)
        jobs.append({"job": job, "winner": f"{layer}.{head}", "score": best, "heads": many})
        print(f"{job:>14}: {many:2} heads above one half, {layer}.{head} leads with {best}")
    first_sink_layer = int((scores["sink"] > HALF).any(1).nonzero()[0])
    none = int((torch.stack(list(scores.values())) <= HALF).all(0).sum())
    print(f"{'none of these':>14}: {none} of {score.numel()} heads")
    print(f"the first layer with a sink: {first_sink_layer}")

    resting = sink_scores(copying[:, :, 64:])  # how much the second copy leaves on the first token
    two_jobs = []
    for place in top_heads(scores["induction"], 5):
        shares = (scores["sink"][place], resting[place], scores["induction"][place])
        prose_sink, rest, copy = (round(float(share), 2) for share in shares)
        found = {"head": "{}.{}".format(*place), "prose": prose_sink, "rest": rest, "copy": copy}
        two_jobs.append(found)

    figure, axes = plt.subplots(3, 1, figsize=(5.6, 6.0), sharex=True)
    for ax, (job, score), found in zip(axes, scores.items(), jobs, strict=True):
        ax.pcolormesh(score.T.numpy(), cmap="Blues", vmin=0, vmax=1, edgecolors="white")
        layer, head = top_heads(score, 1)[0]
        ax.plot(layer + 0.5, head + 0.5, "o", color="C1", fillstyle="none", markersize=11)
        ax.set(title=f"{job.capitalize()}: {found['winner']} leads, {found['score']}")
        ax.set(ylabel="head", yticks=[0.5, 8.5], yticklabels=[0, 8])
        ax.invert_yaxis()
    axes[-1].set(xlabel="layer", xticks=[i + 0.5 for i in (0, 10, 20, 29)])
    axes[-1].set_xticklabels([0, 10, 20, 29])

    for rhyme in NURSERY_RHYMES:
        ids = tokenizer.encode(rhyme)
        names = [tokenizer.decode([i]).strip() for i in ids]
        weights = attention_weights(model, torch.tensor([ids]))
        figure, axes = plt.subplots(1, 3, figsize=(5.8, 0.24 * len(ids) + 0.7))
        for ax, found in zip(axes, jobs, strict=True):
            layer, head = map(int, found["winner"].split("."))
            _draw_lines(ax, weights[layer, head], names)
            ax.set_title(f"{found['job'].split()[0]} {found['winner']}")
        axes[1].set_yticklabels([])
        axes[2].yaxis.tick_right()
    plt.show()
