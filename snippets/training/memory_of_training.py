"""Sixteen bytes for each parameter: the tensors of a training in mixed precision, one by one.

Sources: Micikevicius et al. (2018), section 3.1, https://arxiv.org/abs/1710.03740 (a copy in 32
bits); Rajbhandari et al. (2020), section 3.1, https://arxiv.org/abs/1910.02054 (16 bytes)
"""

from collections.abc import Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from snippets.basics.learning import wrongness
from snippets.inference.facts_models import ANTHROPIC_52B, LLAMA_3_70B, LLAMA_31_405B
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.model.tiny import load_tiny


class MixedPrecision:
    """A model of 16 bits that computes, and a copy of 32 bits that remembers small changes."""

    def __init__(self, model: nn.Module, rate: float):
        """Copy the model twice; the one that is given stays as it is."""
        self.model = deepcopy(model).to(torch.bfloat16)
        self.copy = [weight.detach().clone().float() for weight in model.parameters()]
        self.optimizer = AdamW(self.copy, rate, weight_decay=0.0)

    def step(self, ids: Tensor) -> float:
        """Learn once from ids `(B, T + 1)`; gives the loss before, in nats per token."""
        self.model.zero_grad()
        loss = wrongness(self.model, ids)
        loss.backward()
        pairs = list(zip(self.model.parameters(), self.copy, strict=True))
        for weight, precise in pairs:
            precise.grad = weight.grad.float()
        self.optimizer.step()
        self.optimizer.zero_grad()
        with torch.no_grad():
            for weight, precise in pairs:
                weight.copy_(precise)  # rounded to 16 bits
        return loss.item()

    def tensors(self) -> dict[str, Sequence[Tensor]]:
        """List all that stays in memory from step to step, by what it is for."""
        weights, states = list(self.model.parameters()), self.optimizer.state
        return {
            "weights": weights,
            "gradients": [weight.grad for weight in weights],
            "32-bit copy": self.copy,
            "mean of gradients": [states[precise]["exp_avg"] for precise in self.copy],
            "their spread": [states[precise]["exp_avg_sq"] for precise in self.copy],
        }


def bytes_each(tensors: Sequence[Tensor]) -> float:
    """Divide the bytes of some tensors by how many numbers one set of weights has."""
    return sum(t.nbytes for t in tensors) / sum(t.numel() for t in tensors)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    tiny, characters = load_tiny()
    training = MixedPrecision(tiny, 1e-3)
    training.step(torch.tensor([characters.encode("To be, or not to be")]))
    each = {name: bytes_each(tensors) for name, tensors in training.tensors().items()}
    total = sum(each.values())
    print("bytes for each parameter:", each, "together", total)

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    rows, sizes = [], {"GPT-3": 175.0}
    shapes = {"52B": (52.0, ANTHROPIC_52B), "Llama 3 70B": (70.6, LLAMA_3_70B),
              "Llama 3.1 405B": (405.0, LLAMA_31_405B)}  # fmt: skip
    for name, billions in (sizes | {name: pair[0] for name, pair in shapes.items()}).items():
        row = {"model": name, "training": total * billions, "inference": 2 * billions}
        row |= {"cards": -(-row["training"] // 80), "tokens": None}
        if name in shapes:  # so many tokens of conversations take the room of all weights
            s = shapes[name][1]
            token = kv_bytes_per_token(s.n_layers, s.n_kv_heads, s.head_dim)
            row["tokens"] = 2e9 * billions / token
        rows.append(row)
        print(f"{name}: {row['training']:,.0f} GB in training, {row['inference']:,.0f} GB in use")
    by = {row["model"]: row for row in rows}
    llama_8b = total * 8.03

    left = 0.0
    for number, (name, some) in enumerate(each.items()):
        ax.barh("training", some * 70.6, left=left, color=f"C{number}", label=name)
        left += some * 70.6
    shape = LLAMA_3_70B
    per_token = kv_bytes_per_token(shape.n_layers, shape.n_kv_heads, shape.head_dim)
    users, context = 64, 8_192
    cache = users * context * per_token / 1e9
    ax.barh("inference", 2 * 70.6, color="C0")
    ax.barh("inference", cache, left=2 * 70.6, color="C5", label="KV cache")
    print(f"70B, {users} conversations of {context:,} tokens: cache {cache:.0f} GB")
    ax.set(title="Llama 3 70B in memory", xlabel="GB")
    ax.set_ylim(-0.6, 2.2)
    ax.legend(ncol=2, loc="upper right")
    plt.show()
