"""What one step of training costs: bytes that lie around meanwhile, and seconds.

Source: Rajbhandari et al. (2020), section 3, https://arxiv.org/abs/1910.02054 (where memory goes)
"""

from time import perf_counter

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.functional import cross_entropy
from torch.optim import AdamW

from snippets.training.freezing import learns
from snippets.training.supervised import answer_logits

BILL_BATCH, BILL_TOKENS, BILL_ASKED = 4, 48, 10  # texts, tokens of each, those to be guessed


def step_bill(model: nn.Module, ids: Tensor, labels: Tensor, times: int = 2) -> dict[str, float]:
    """Take some steps with AdamW and count what each kind of number needs.

    Args:
        model: A `Transformer`, or what reads and predicts like one; its trainable weights move.
        ids: `(B, T)`, int64.
        labels: `(B, T)`, int64, as `pack_examples` makes them.
        times: How many steps; the fastest one is told.

    Returns:
        How many numbers are trainable; bytes of weights, gradients, optimizer state, and of what
        the way back needs ("kept"); seconds of a step.

    Raises:
        ValueError: If times is below 1.
    """
    if times < 1:
        raise ValueError(f"wanted at least 1 step, got {times}")
    free = learns(model)
    optimizer, seconds = AdamW(free, 1e-6, weight_decay=0.0), float("inf")
    everything = [*model.parameters(), *model.buffers()]
    homes = {weight.untyped_storage().data_ptr() for weight in everything}
    for _ in range(times):
        kept: dict[int, int] = {}

        def note(tensor: Tensor, kept=kept) -> Tensor:
            memory = tensor.untyped_storage()
            if memory.data_ptr() not in homes:
                kept[memory.data_ptr()] = memory.nbytes()
            return tensor

        start = perf_counter()
        with saved_tensors_hooks(note, lambda tensor: tensor):
            loss = cross_entropy(*answer_logits(model, ids, labels))
        loss.backward()
        gradients = sum(weight.grad.nbytes for weight in free)
        optimizer.step()
        optimizer.zero_grad()
        seconds = min(seconds, perf_counter() - start)
    states = [part for state in optimizer.state.values() for part in state.values()]
    return {
        "trainable": sum(weight.numel() for weight in free),
        "weights": sum(weight.nbytes for weight in everything),
        "gradients": gradients,
        "state": sum(part.nbytes for part in states),
        "kept": sum(kept.values()),
        "seconds": seconds,
    }


def batch_to_pay(vocab_size: int) -> tuple[Tensor, Tensor]:
    """Draw ids and labels `(4, 48)`; the last ten of each row are asked for."""
    text = torch.randint(vocab_size, (BILL_BATCH, BILL_TOKENS + 1))
    labels = torch.full((BILL_BATCH, BILL_TOKENS), -100)
    labels[:, -BILL_ASKED:] = text[:, -BILL_ASKED:]
    return text[:, :-1], labels


if __name__ == "__main__":

    class Reader(nn.Sequential):
        """A toy that looks up vectors, mixes them and scores 7 tokens."""

        def read(self, ids: Tensor) -> Tensor:
            """Turn ids `(B, T)` into vectors `(B, T, 5)`."""
            return self(ids)

        def predict(self, x: Tensor) -> Tensor:
            """Score 7 tokens for vectors `(..., 5)`."""
            return x @ self[0].weight.T

    toy = Reader(nn.Embedding(7, 5), nn.Linear(5, 5, bias=False))
    bill = step_bill(toy, torch.tensor([[1, 2, 3]]), torch.tensor([[2, 3, 4]]))
    told = {name: bill[name] for name in ("trainable", "weights", "gradients", "state")}
    print(told)
    print("AdamW keeps two numbers for each it moves, and counts its steps: 4 bytes a tensor")
