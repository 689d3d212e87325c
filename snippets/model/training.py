"""Train a language model: guess the next token, see how wrong it was, turn the knobs a little.

Sources: Kingma and Ba (2015), algorithm 1, https://arxiv.org/abs/1412.6980 (Adam); Loshchilov and
Hutter (2019), algorithm 2, https://arxiv.org/abs/1711.05101 (AdamW), and (2017), equation 5,
https://arxiv.org/abs/1608.03983 (cosine); Jordan et al. (2024),
https://kellerjordan.github.io/posts/muon/ (Muon)
"""

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import AdamW

from snippets.model.muon import Muon
from snippets.tools.progress import progress


def random_windows(ids: Tensor, count: int, length: int, generator: torch.Generator) -> Tensor:
    """Cut pieces of a text at random places.

    Args:
        ids: `(N,)`, int64.
        count: How many pieces, B.
        length: How many tokens to read in each, T; one more is the answer to the last.
        generator: Where chance comes from.

    Returns:
        `(B, T + 1)`, int64.

    Raises:
        ValueError: If the text is too short.
    """
    if len(ids) <= length:
        raise ValueError(f"wanted more than {length} tokens to cut windows from, got {len(ids)}")
    starts = torch.randint(len(ids) - length, (count, 1), generator=generator)  # (B, 1)
    return ids[starts + torch.arange(length + 1)]


def warm_up_and_decay(step: int, steps: int, warm_up: int) -> float:
    """Say which share of the learning rate to use: up in a line, down half a cosine.

    Args:
        step: From 0 to steps - 1.
        steps: How many there are.
        warm_up: How many of them go up.
    """
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 + 0.5 * math.cos(math.pi * (step - warm_up) / (steps - warm_up))


def muon_and_adamw(model: nn.Module, matrix_rate: float, other_rate: float) -> list:
    """Let Muon train the matrices inside the blocks and AdamW the rest."""
    matrices = [w for name, w in model.named_parameters() if w.ndim == 2 and "blocks." in name]
    others = [w for name, w in model.named_parameters() if w.ndim != 2 or "blocks." not in name]
    return [
        Muon(matrices, matrix_rate),
        AdamW(others, other_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def train(
    model: Callable[[Tensor], Tensor],
    batches: Iterable[Tensor],
    optimizers: list,
    steps: int,
    warm_up: int = 0,
    after: Callable[[int], None] = lambda step: None,
) -> list[float]:
    """Take one step for each batch.

    Args:
        model: An `nn.Module` that turns ids `(B, T)` into logits `(B, T, V)`.
        batches: Ids `(B, T + 1)` each, int64.
        optimizers: Each with a learning rate at its highest.
        steps: How many batches to take.
        warm_up: How many steps the learning rate takes to rise.
        after: Called with the number of steps done, also with 0 before the first.

    Returns:
        The loss of every batch before its step, in nats per token.
    """
    plan = [
        torch.optim.lr_scheduler.LambdaLR(o, lambda n: warm_up_and_decay(n, steps, warm_up))
        for o in optimizers
    ]
    losses = []
    after(0)
    for done, batch in zip(progress(range(1, steps + 1), "training"), batches, strict=False):
        logits = model(batch[:, :-1])  # (B, T, V)
        loss = cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for part in (*optimizers, *plan):
            part.step()
        for optimizer in optimizers:
            optimizer.zero_grad()
        losses.append(loss.item())
        after(done)
    return losses


if __name__ == "__main__":
    torch.manual_seed(0)
    model = nn.Sequential(nn.Embedding(10, 16), nn.Linear(16, 10))  # sees one token at a time
    nn.init.normal_(model[0].weight, std=0.02)
    counting = torch.arange(1000) % 10  # 0 1 2 ... 9 0 1 2 ...
    chance = torch.Generator().manual_seed(0)
    batches = (random_windows(counting, 8, 8, chance) for _ in range(100))
    losses = train(model, batches, [AdamW(model.parameters(), 0.03)], steps=100, warm_up=5)
    first, last = round(losses[0], 1), round(losses[-1], 1)
    print(f"the loss falls from {first} to {last} nats; ln 10 is {math.log(10):.1f}")
    said = model(torch.tensor([[3, 4, 5]])).argmax(-1)[0, -1].item()
    print("after 3, 4, 5 comes", said)
