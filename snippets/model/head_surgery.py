"""Silence heads that were found by measuring, and see what the model can no longer do.

Sources: Olsson et al. (2022), https://arxiv.org/abs/2209.11895 (induction heads and what they rest
on); Kobayashi et al. (2020), https://arxiv.org/abs/2004.10102 (weight times length of value)
"""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.model.attention_weights import attention_weights, hamlet_tokens
from snippets.model.head_jobs import (
    induction_scores,
    previous_scores,
    repeated_blocks,
    sink_scores,
    top_heads,
)
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer


@contextmanager
def silenced(model: Transformer, heads: Iterable[tuple[int, int]]) -> Iterator[None]:
    """Replace what some heads say by zeros, while this lasts.

    Args:
        model: A `Transformer`.
        heads: Each a (layer, head).

    Raises:
        ValueError: If there is no such head.
    """
    c, hooks, heads = model.config, [], list(heads)
    for layer, head in heads:
        if not (0 <= layer < c.n_layers and 0 <= head < c.n_heads):
            last = f"{c.n_layers - 1}.{c.n_heads - 1}"
            raise ValueError(f"wanted heads from 0.0 to {last}, got {layer}.{head}")

    def hush(start, out, given):
        said = given[0].clone()  # (B, T, H·D)
        said[..., start : start + c.head_dim] = 0
        return (said,)

    for layer, head in heads:
        part = model.blocks[layer].attention.out
        hooks.append(part.register_forward_pre_hook(partial(hush, head * c.head_dim)))
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def loss_by_place(model: Transformer, ids: Tensor) -> Tensor:
    """Measure the surprise at every token but the first, in nats, averaged over texts.

    Args:
        model: A `Transformer`.
        ids: `(B, T)`, int64.

    Returns:
        `(T - 1,)`.
    """
    logits = model(ids)[:, :-1].flatten(0, 1)  # (N, V), where N is B·(T - 1)
    losses = cross_entropy(logits, ids[:, 1:].flatten(), reduction="none")  # (N)
    return losses.view(len(ids), -1).mean(0)


@torch.no_grad()
def said_per_token(model: Transformer, ids: Tensor, layer: int, head: int) -> Tensor:
    """Measure what a head would add to the stream if it read one token only, for each token.

    Args:
        model: A `Transformer`.
        ids: `(1, T)`, int64.
        layer: In which block.
        head: Which of its heads.

    Returns:
        `(T,)`, the lengths of the vectors added.
    """
    c, part, heard = model.config, model.blocks[layer].attention, []
    hook = part.value.register_forward_hook(lambda value, given, said: heard.append(said[0]))
    model.read(ids)
    hook.remove()
    values = heard[0].unflatten(-1, (-1, c.head_dim))  # (T, G, D)
    mine = values[:, head * c.n_kv_heads // c.n_heads]  # (T, D)
    columns = part.out.weight[:, head * c.head_dim : (head + 1) * c.head_dim]  # (C, D)
    return (mine @ columns.T).norm(dim=-1)


if __name__ == "__main__":
    BLOCK = 64
    model, tokenizer = load()
    hamlet = torch.tensor([hamlet_tokens(tokenizer, 64)])
    repeats = repeated_blocks(texts=1, block=BLOCK, vocabulary=model.config.vocab_size)

    def losses(heads: list[tuple[int, int]], ids: Tensor = repeats) -> Tensor:
        """Measure the loss at every place without these heads."""
        with silenced(model, heads):
            return loss_by_place(model, ids)

    def second_copy(heads: list[tuple[int, int]]) -> float:
        """Measure the loss on the second copy of the block without these heads."""
        return round(float(losses(heads)[BLOCK:].mean()), 1)

    prose = attention_weights(model, hamlet)
    scores = induction_scores(attention_weights(model, repeats), BLOCK)
    sink, previous = (top_heads(score(prose), 2) for score in (sink_scores, previous_scores))
    five = top_heads(scores, 5)
    whole = losses([])
    first_copy = round(float(whole[: BLOCK - 1].mean()), 1)
    all_heads_copy = round(float(whole[BLOCK:].mean()), 1)
    print(f"with all heads, the first copy costs {first_copy}, the second {all_heads_copy}")
    rows = []
    for who, heads in (
        ("first of the sinks", sink[:1]),
        ("first induction head", five[:1]),
        ("first previous-token head", previous[:1]),
        ("first five induction heads", five),
    ):
        names = ", ".join(f"{layer}.{head}" for layer, head in heads)
        rows.append({"who": who, "heads": names, "copy": second_copy(heads)})
        print(f"the second without the {who} ({names}): {rows[-1]['copy']}")
    hamlet_before, hamlet_after = (
        round(float(losses(heads, hamlet).mean()), 1) for heads in ([], five)
    )
    print(f"Hamlet costs {hamlet_before}, without those five {hamlet_after}")
    others = [divmod(place, 9) for place in range(scores.numel()) if divmod(place, 9) not in five]
    draws = sorted(second_copy(random.Random(seed).sample(others, 5)) for seed in range(6))
    print("second copy without five other heads, drawn six times:", draws)

    still = [{"silenced": "nobody", "score": round(float(sum(scores[h] for h in five) / 5), 2)}]
    for head in previous:
        with silenced(model, [head]):
            left = induction_scores(attention_weights(model, repeats), BLOCK)
        score = round(float(sum(left[h] for h in five) / 5), 2)
        still.append({"silenced": "{}.{}".format(*head), "score": score})
    for row in still:
        print(f"mean induction score of the five without {row['silenced']}: {row['score']:.2f}")
    lengths = said_per_token(model, hamlet, *sink[0])
    from_first, from_usual = round(float(lengths[0]), 1), round(float(lengths[1:].median()))
    print(f"what the sink adds, reading the first token {from_first}, another one {from_usual}")
