"""How much the Tiny model gains from each further character that it may look back on.

Source: Kaplan et al. (2020), section 3.2.1, https://arxiv.org/abs/2001.08361 (loss by position)
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.model.characters import play_ids
from snippets.model.tiny import RECIPE, load_tiny
from snippets.model.transformer import Transformer


@torch.no_grad()
def loss_by_memory(model: Transformer, ids: Tensor, window: int) -> Tensor:
    """Cut a text `(N,)` into windows and average the surprise at each place of a window.

    Returns:
        `(window,)`, nats; the entry m is for tokens with m + 1 tokens in front of them.

    Raises:
        ValueError: If the text does not fill one window.
    """
    if len(ids) <= window:
        raise ValueError(f"wanted more than {window} tokens, got {len(ids)}")
    rows = ids[: len(ids) // (window + 1) * (window + 1)].view(-1, window + 1)  # (B, W + 1)
    total = torch.zeros(window)  # (W)
    for some in rows.split(64):
        logits = model(some[:, :-1])  # (b, W, V)
        total += cross_entropy(logits.mT, some[:, 1:], reduction="none").sum(0)
    return total / len(rows)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, _ = load_tiny()
    _, _, held_out_ids = play_ids()
    loss = loss_by_memory(model, held_out_ids[:150_000], RECIPE.window)
    edges = [1, 2, 3, 5, 9, 17, 33, 65, RECIPE.window + 1]
    rows = []
    for first, after in zip(edges, edges[1:], strict=False):
        last = after - 1
        name = f"{first} to {last}" if last > first else f"{first}"
        rows.append({"memory": name, "nats": round(float(loss[first - 1 : last].mean()), 2)})
        print(f"{name:>9} characters to look back on: {rows[-1]['nats']:.2f} nats")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.plot(range(1, len(loss) + 1), loss)
    ax.set_xscale("log", base=2)
    ax.set(title="What a longer memory gains", xlabel="characters to look back on")
    ax.set_ylabel("nats per character")
    plt.show()
