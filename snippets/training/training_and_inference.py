"""Inference and training on the same text: the operations and the bytes of both, counted.

Sources: Kaplan et al. (2020), section 2.1, https://arxiv.org/abs/2001.08361 (2 and 6 operations for
each parameter and token); Rajbhandari et al. (2020), section 3, https://arxiv.org/abs/1910.02054
(where the memory of a training goes)
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.functional import cross_entropy
from torch.optim import AdamW
from torch.utils.flop_counter import FlopCounterMode

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.texts import read_play


@torch.no_grad()
def infer_once(model: Transformer, ids: Tensor) -> dict[str, int]:
    """Read a text to write on behind it, and count.

    Args:
        model: Stays as it is.
        ids: `(B, T)`, int64.

    Returns:
        Operations of "forward" and "backward"; bytes of "weights" and "cache".
    """
    counter, cache = FlopCounterMode(display=False), model.new_cache(*ids.shape)
    with counter:
        model(ids, cache)
    weights = sum(weight.nbytes for weight in model.parameters())
    forward = counter.get_total_flops()
    return {"forward": forward, "backward": 0, "weights": weights, "cache": cache.nbytes}


@contextmanager
def noting_kept(model: nn.Module) -> Iterator[dict[int, int]]:
    """Note what is kept for the way back, weights not counted: bytes by address."""
    homes = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        memory = tensor.untyped_storage()
        if memory.data_ptr() not in homes:
            kept[memory.data_ptr()] = memory.nbytes()
        return tensor

    with saved_tensors_hooks(note, lambda tensor: tensor):
        yield kept


def train_once(model: Transformer, ids: Tensor) -> dict[str, int]:
    """Learn from a text once with AdamW, and count.

    Args:
        model: Its weights move.
        ids: `(B, T + 1)`, int64: T tokens to read, and what comes next.

    Returns:
        Operations of "forward" and "backward"; bytes of "weights", of "kept" (what the way back
        needs from the way forward), "gradients" and the optimizer's "state".

    Raises:
        ValueError: If there is nothing to guess.
    """
    if ids.ndim != 2 or ids.shape[1] < 2:
        raise ValueError(f"wanted ids (B, T + 1) with T >= 1, got {tuple(ids.shape)}")
    forward, backward = FlopCounterMode(display=False), FlopCounterMode(display=False)
    with forward, noting_kept(model) as kept:
        loss = cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    with backward:
        loss.backward()
    optimizer = AdamW(model.parameters(), 1e-6, weight_decay=0.0, foreach=False)
    optimizer.step()
    moments = [part for state in optimizer.state.values() for part in state.values()]
    return {
        "forward": forward.get_total_flops(),
        "backward": backward.get_total_flops(),
        "weights": sum(weight.nbytes for weight in model.parameters()),
        "kept": sum(kept.values()),
        "gradients": sum(weight.grad.nbytes for weight in model.parameters()),
        "state": sum(part.nbytes for part in moments),
    }


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    tokens = 128
    ids = torch.tensor([tokenizer.encode(read_play("hamlet")[20_000:21_000])[: tokens + 1]])
    counts = {"inference": infer_once(model, ids[:, :-1]), "training": train_once(model, ids)}
    parameters = sum(weight.numel() for weight in model.parameters())
    per, megabytes = {}, {}
    for use, count in counts.items():
        work = count["forward"] + count["backward"]
        per[use] = round(work / parameters / tokens, 2)
        megabytes[use] = {k: round(count.get(k, 0) / 1e6) for k in (
            "weights", "cache", "kept", "gradients", "state")}  # fmt: skip
        print(
            f"{use}: {work / 1e9:.1f} billion operations, {per[use]} for each parameter and token"
        )
        print("  megabytes:", ", ".join(f"{k} {v:,}" for k, v in megabytes[use].items() if v))
    totals = {use: sum(parts.values()) for use, parts in megabytes.items()}
    back = round(counts["training"]["backward"] / counts["training"]["forward"], 2)
    print(f"the way back costs {back} times the way forward")
    c = model.config  # each token of 128 compared with each, and mixed: 4 operations a number
    attention = 4 * tokens**2 * c.n_layers * c.n_heads * c.head_dim
    attention_share = attention / counts["inference"]["forward"]

    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.6))
    for number, use in enumerate(counts):
        below = 0.0
        for part, way in enumerate(("forward", "backward")):
            height = counts[use][way] / 1e9
            left.bar(use, height, bottom=below, color=f"C{part}", label=way if number else None)
            below += height
        below = 0.0
        for part, kind in enumerate(megabytes[use]):
            height = megabytes[use][kind]
            right.bar(use, height, bottom=below, color=f"C{part}", label=kind if number else None)
            below += height
    left.set(title="Work", ylabel="billion operations")
    right.set(title="Memory", ylabel="MB")
    left.legend(loc="upper left")
    right.legend(loc="upper left")
    plt.show()
