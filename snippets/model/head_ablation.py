"""Switch off one attention head at a time and see who notices.

Source: Michel, Levy and Neubig (2019), section 3.2, https://arxiv.org/abs/1905.10650
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.plot import heatmap, name_ticks
from snippets.tools.texts import read_play

ABLATED_LAYERS = (0, 10, 20)


@torch.no_grad()
def loss_without_head(model: Transformer, ids: Tensor, layer: int, head: int | None) -> float:
    """Measure the mean surprise per token, in nats, with one head silenced.

    Args:
        model: A `Transformer`; it is left as it was.
        ids: `(1, T)`, int64.
        layer: In which block.
        head: Which of its heads; None silences nobody.

    Raises:
        ValueError: If there is no such head.
    """
    c, out = model.config, model.blocks[layer].attention.out
    if head is not None and not 0 <= head < c.n_heads:
        raise ValueError(f"wanted a head from 0 to {c.n_heads - 1}, got {head}")
    kept = out.weight.clone()
    if head is not None:  # what this head says is multiplied by these columns
        out.weight[:, head * c.head_dim : (head + 1) * c.head_dim] = 0
    loss = cross_entropy(model(ids)[0, :-1], ids[0, 1:]).item()
    out.weight.copy_(kept)
    return loss


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    text = read_play("hamlet")
    ids = torch.tensor([tokenizer.encode(text[20_000:20_400])[:48]])
    whole = loss_without_head(model, ids, 0, None)
    harm = torch.tensor(
        [
            [loss_without_head(model, ids, layer, head) - whole for head in range(9)]
            for layer in ABLATED_LAYERS
        ]
    )
    heads = harm.numel()
    harmless = int((harm < 0.02 * whole).sum())
    worst = round(harm.max().item() / whole, 3)
    print(f"{heads} heads, each silenced alone: {harmless} change the loss by less than 2 percent")
    print(f"the most missed one costs {worst:.1%}")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    heatmap(ax, 100 * harm / whole, digits=1)
    name_ticks(ax, [str(head) for head in range(9)], [str(layer) for layer in ABLATED_LAYERS])
    ax.set(title="Loss without this head, percent more", xlabel="head", ylabel="layer")
    plt.show()
