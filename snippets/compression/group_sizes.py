"""How many weights share a scale? A curve of errors for which nobody looked at any data.

Source: Gholami et al. (2021), section III-E, https://arxiv.org/abs/2103.13630 (granularity)
"""

import torch
from torch import nn

from snippets.basics.learning import wrongness
from snippets.compression.outlier import absmax_round_trip
from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.model.transformer import Transformer


@torch.no_grad()
def round_in_groups(model: Transformer, bits: int, group: int | None) -> float:
    """Round every matrix of the blocks, in place, with a scale for each `group` neighbours.

    Args:
        model: Its linear layers are changed.
        bits: 2 to 8.
        group: It must divide each row; None means one scale for a whole matrix.

    Returns:
        How many bits a weight costs, 16-bit scales included.
    """
    weights = scales = 0
    for layer in (part for part in model.modules() if isinstance(part, nn.Linear)):
        layer.weight.copy_(absmax_round_trip(layer.weight, bits, group)[0])
        count = layer.weight.numel()
        weights, scales = weights + count, scales + (count // group if group else 1)
    return bits + 16 * scales / weights


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    _, _, held_out = play_ids()
    exam = held_out[: 96 * 128 + 1].unfold(0, 129, 128)  # (96, 129)
    names = {None: "a whole matrix", 64: "64 weights", 32: "32", 16: "16", 8: "8"}
    rows, BITS = [], 3
    with torch.no_grad():
        float_loss = round(wrongness(load_tiny()[0], exam).item(), 2)
        for group, name in names.items():
            model, _ = load_tiny()
            cost = round(round_in_groups(model, BITS, group), 2)
            loss = round(wrongness(model, exam).item(), 2)
            rows.append({"sharers": name, "cost": cost, "loss": loss})
            print(f"{BITS} bits, a scale for {name}: {cost:.2f} bits in all, loss {loss:.2f}")
    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    ax.plot([row["loss"] for row in rows], "o-")
    ax.axhline(float_loss, color="gray", linestyle=":", label="not rounded")
    ax.set_xticks(range(len(rows)), [f"{r['sharers']}\n{r['cost']:.2f} bits" for r in rows])
    ax.set(
        title="Fewer share, less is lost", xlabel="who shares a scale", ylabel="nats per character"
    )
    ax.legend()
    plt.show()
