"""Supervised fine-tuning: show questions with answers, and learn the answers only.

Source: Ouyang et al. (2022), section 3.5, https://arxiv.org/abs/2203.02155 (SFT)
"""

import math
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from snippets.model.training import warm_up_and_decay
from snippets.tools.progress import progress
from snippets.training.freezing import learns

NOT_ASKED = -100  # the label at places whose token nobody has to guess
Example = tuple[list[int], list[int]]  # the ids of a prompt, and those of its answer


def pack_examples(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Lay examples side by side, padded on the right; only answers carry labels.

    Returns:
        ids `(B, T)` to read, and labels `(B, T)`: the token that comes next where it belongs to
        an answer, `NOT_ASKED` at prompts and padding. Both int64.

    Raises:
        ValueError: If there is no example, or a prompt or an answer is empty.
    """
    if not examples or not all(prompt and answer for prompt, answer in examples):
        sizes = [(len(prompt), len(answer)) for prompt, answer in examples]
        raise ValueError(f"wanted prompts and answers of at least one token, got {sizes}")
    length = max(len(prompt) + len(answer) for prompt, answer in examples) - 1
    ids = torch.zeros(len(examples), length, dtype=torch.int64)
    labels = torch.full_like(ids, NOT_ASKED)
    for row, (prompt, answer) in enumerate(examples):
        text = torch.tensor(prompt + answer)
        ids[row, : len(text) - 1] = text[:-1]
        labels[row, len(prompt) - 1 : len(text) - 1] = text[len(prompt) :]
    return ids, labels


def answer_logits(model: nn.Module, ids: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Guess the asked-for tokens: logits `(N, V)` and the right ones `(N,)`.

    The last matrix is the largest; it works only where somebody asks.
    """
    asked = labels != NOT_ASKED  # (B, T)
    return model.predict(model.read(ids)[asked]), labels[asked]


def fine_tune(
    model: nn.Module, batches: Iterable[Sequence[Example]], rate: float, steps: int, warm_up: int
) -> list[float]:
    """Teach answers with AdamW to all parameters that are trainable.

    Args:
        model: A `Transformer`, or what reads and predicts like one.
        batches: Examples for each step.
        rate: The learning rate at its highest.
        steps: How many batches to take.
        warm_up: How many steps the learning rate takes to rise.

    Returns:
        The loss of every batch before its step, in nats per answer token.

    Raises:
        ValueError: If nothing is trainable, or the loss is no number any more.
    """
    weights = learns(model)
    if not weights:
        raise ValueError("wanted a model with trainable parameters, got one that is all frozen")
    optimizer, losses = torch.optim.AdamW(weights, rate, weight_decay=0.0, fused=True), []
    for step, batch in zip(progress(range(steps), "fine-tuning"), batches, strict=False):
        optimizer.param_groups[0]["lr"] = rate * warm_up_and_decay(step, steps, warm_up)
        loss = cross_entropy(*answer_logits(model, *pack_examples(batch)))
        if not math.isfinite(loss.item()):
            raise ValueError(f"wanted a loss, got {loss.item()} at step {step}: lower the rate?")
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def would_write(model: nn.Module, examples: Sequence[Example]) -> list[bool]:
    """Say for each example whether the model, always picking the likeliest, writes its answer.

    One pass is enough: if every token of the answer is the likeliest after those before it, then
    writing token by token gives that answer, and else it does not.
    """
    ids, labels = pack_examples(examples)
    logits, wanted = answer_logits(model, ids, labels)
    hits = torch.ones_like(labels, dtype=torch.bool)
    hits[labels != NOT_ASKED] = logits.argmax(-1) == wanted
    return hits.all(1).tolist()


if __name__ == "__main__":
    prompt, answer = [11, 12, 13], [21, 22]  # ids of a question and of its answer
    ids, labels = pack_examples([(prompt, answer), ([14], [23, 24])])
    for name, table in {"reads": ids, "must guess": labels}.items():
        for row in table.tolist():
            print(f"{name:10}", *(f"{i if i != NOT_ASKED else '-':>3}" for i in row))
    asked_for = int((labels != NOT_ASKED).sum())
    print(f"{asked_for} of {labels.numel()} places ask for a token")
