"""Data parallelism: everybody has the whole model and some of the texts; gradients are averaged.

Source: Li et al. (2020), "PyTorch Distributed", section 2, https://arxiv.org/abs/2006.15704
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.inference.ranks import run_ranks
from snippets.inference.wire import Wire
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

SENTENCES = (
    "The lighthouse stood on a rock at the end of the bay, far from the town.",
    "Every evening the keeper climbed the stairs and lit the lamp by hand.",
    "On clear nights he could see the lights of the harbour and hear music.",
    "On foggy nights he rang the bell until the last boat had come home.",
    "In winter the waves reached the windows and the door stayed shut.",
    "Nobody in the town could remember a night without the light.",
)
COUNTRIES = ("France", "Italy", "Japan", "Spain", "Greece", "Peru")


def text_loss(model: Transformer, ids: Tensor) -> Tensor:
    """Average the surprise over all tokens of ids `(B, T)` but the first of each text."""
    return cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())


def shared_gradients(model: Transformer, ids: Tensor, wire: Wire) -> dict[str, Tensor]:
    """Work on this rank's share of a batch, then average the gradients over all ranks.

    Args:
        model: The same weights in every rank; those that learn want a gradient.
        ids: `(B, T)`, the whole batch, which the ranks divide among themselves.
        wire: The line to the others.

    Returns:
        One gradient for each weight that learns, the same in all ranks.

    Raises:
        ValueError: If the shares would not be equal: a mean of means needs equal shares.
    """
    if len(ids) % wire.world:
        raise ValueError(f"{wire.world} ranks cannot share {len(ids)} texts evenly")
    learning = {name: w for name, w in model.named_parameters() if w.requires_grad}
    loss = text_loss(model, ids.chunk(wire.world)[wire.rank])
    gradients = torch.autograd.grad(loss, list(learning.values()))
    sums = [wire.all_reduce(gradient.contiguous()) for gradient in gradients]
    return {name: total / wire.world for name, total in zip(learning, sums, strict=True)}


def learn_and_serve(wire: Wire, length: int) -> list[dict]:
    """Average the last block's gradients; then let each rank answer a question of its own."""
    model, tokenizer = load(device=wire.device)
    model.requires_grad_(False)
    learning = list(model.blocks[-1].requires_grad_(True).parameters())
    ids = torch.tensor([tokenizer.encode(s)[:length] for s in SENTENCES], device=wire.device)
    gradients = list(shared_gradients(model, ids, wire).values())
    row = {"rank": wire.rank, "carried": wire.carried("all_reduce"), "exchanges": len(wire.log)}
    if wire.rank == 0:
        whole = torch.autograd.grad(text_loss(model, ids), learning)
        gaps = [float((a - b).norm() / b.norm()) for a, b in zip(gradients, whole, strict=True)]
        row |= {"gap": max(gaps), "learning": sum(weight.numel() for weight in learning)}
    before = len(wire.log)
    question = f"What is the capital of {COUNTRIES[wire.rank % len(COUNTRIES)]}?"
    chat = torch.tensor([tokenizer.chat([{"role": "user", "content": question}])])
    text = generate(model, chat.to(wire.device), 10, stop=[tokenizer.eos_id])[0, chat.shape[1] :]
    row["answer"] = tokenizer.decode(text.tolist()).removesuffix("<|im_end|>")
    row["talk"] = len(wire.log) - before
    return wire.gather(row)


if __name__ == "__main__":
    rows = run_ranks(learn_and_serve, 3, 12)
    if rows:
        gap, learning, carried = rows[0]["gap"], rows[0]["learning"], rows[0]["carried"]
        print(f"{len(rows)} ranks, 2 sentences each: gradients of {learning:,} weights")
        print(f"off from those of the whole batch by less than 0.01 %: {gap < 1e-4}")
        print(f"carried {carried:,} bytes, by formula {4 * learning:,}")
        talk = sum(row["talk"] for row in rows)
        answers = [row["answer"] for row in rows]
        print(f"answers with {talk} bytes of talk: {answers}")
