"""Follow the residual stream of a real model from layer to layer.

Sources: Elhage et al. (2021), "A Mathematical Framework for Transformer Circuits" (the stream);
Sun et al. (2024), section 2, https://arxiv.org/abs/2402.17762 (massive activations);
nostalgebraist (2020), "interpreting GPT: the logit lens" (reading it half way)
"""

import torch
from torch import Tensor

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.plot import name_line

HAMLET_LINES = (
    "To be, or not to be, that is the question: Whether 'tis nobler in the mind to suffer "
    "the slings and arrows of outrageous fortune, or to take arms against a sea of troubles."
)


@torch.no_grad()
def residual_streams(model: Transformer, ids: Tensor) -> Tensor:
    """Run a model and keep the stream before the first and after every block.

    Args:
        model: A `Transformer` of L blocks.
        ids: `(1, T)`, int64.

    Returns:
        `(L + 1, T, C)`.

    Raises:
        ValueError: If ids holds more than one text.
    """
    if len(ids) != 1:
        raise ValueError(f"wanted one text, ids (1, T), got {tuple(ids.shape)}")
    kept = [model.embed[ids[0]]]
    hooks = [
        block.register_forward_hook(lambda block, inputs, stream: kept.append(stream[0]))
        for block in model.blocks
    ]
    model.read(ids)
    for hook in hooks:
        hook.remove()
    return torch.stack(kept)


@torch.no_grad()
def rank_by_layer(model: Transformer, streams: Tensor, token: int) -> list[int]:
    """If the model had to answer after each layer, where would the token rank?

    Args:
        model: A `Transformer`.
        streams: `(L + 1, T, C)`; the last position answers.
        token: The id in question.

    Returns:
        L + 1 ranks; 1 is the favourite.
    """
    logits = model.predict(model.norm(streams[:, -1]))  # (N, V), where N is L + 1
    return ((logits > logits[:, token : token + 1]).sum(-1) + 1).tolist()


def outlier_factor(x: Tensor) -> float:
    """Say how many times larger the largest number is than the usual (median) one."""
    return float(x.abs().max() / x.abs().median())


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    streams = residual_streams(model, torch.tensor([tokenizer.encode(HAMLET_LINES)]))
    norms = streams.norm(dim=-1)  # (31, T)
    first, others = norms[:, 0].tolist(), norms[:, 1:].median(dim=1).values.tolist()
    usual = [round(others[layer], 1) for layer in (0, 15, 30)]
    loud = [round(first[layer]) for layer in (0, 15, 30)]
    print(f"length of the stream after 0, 15 and 30 blocks, usual token: {usual}")
    print(f"the same for the first token: {loud}")
    x, norm = streams[15, 5], model.blocks[15].norm_1
    before, after = (round(outlier_factor(y.detach())) for y in (x, norm(x)))
    print(f"largest number against the usual one: {before} times before the norm, {after} after")

    streams = residual_streams(model, torch.tensor([tokenizer.encode("The capital of France is")]))
    ranks = rank_by_layer(model, streams, tokenizer.encode(" Paris")[0])
    print("rank of ' Paris' after the last seven blocks:", ranks[-7:])

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for name, line in (("first token", first), ("usual token", others)):
        ax.semilogy(line)
        name_line(ax, name, 30, line[-1])
    ax.set(title="The stream grows", xlabel="blocks passed", ylabel="length of the vector")
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    ax.semilogy(ranks)
    ax.invert_yaxis()
    ax.set(title="When does it know? Rank of 'Paris'", xlabel="blocks passed", ylabel="rank")
    plt.show()
