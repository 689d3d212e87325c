"""Draw a transformer from the model itself: its parts, in the order in which they run.

Source: Touvron et al. (2023), section 2.2, https://arxiv.org/abs/2302.13971
"""

import torch

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

STATION_NAMES = {
    "norm_1": "norm",
    "attention": "attention: read other tokens",
    "norm_2": "norm",
    "ffn": "feed-forward: think alone",
}


def list_stations(model: Transformer, ids: torch.Tensor) -> list[tuple[str, int]]:
    """Note the parts of the first block as they work, each with its number of parameters."""
    seen, block = [], model.blocks[0]
    hooks = [
        part.register_forward_hook(
            lambda part, args, out, name=name: seen.append(
                (name, sum(weight.numel() for weight in part.parameters()))
            )
        )
        for name, part in block.named_children()
    ]
    with torch.no_grad():
        model.read(ids)
    for hook in hooks:
        hook.remove()
    return seen


def draw_stations(ax, stations: list[tuple[str, int]], repeats: int) -> None:
    """Draw the stream as a line that goes up, and the parts beside it; each adds to the line."""
    ax.plot([0, 0], [-0.6, len(stations) + 0.4], color="C0")
    for height, (name, count) in enumerate(stations):
        box = {"boxstyle": "round", "facecolor": "none", "edgecolor": "C1"}
        text, reads = f"{STATION_NAMES[name]}\n{count:,} parameters", name.startswith("norm")
        arrow = {"arrowstyle": "<-" if reads else "->"}
        options = {"ha": "center", "va": "center", "bbox": box, "arrowprops": arrow}
        ax.annotate(text, xy=(0, height), xytext=(1.1, height), **options)
        if reads:
            ax.annotate(
                "", (1.1, height + 0.7), (1.1, height + 0.3), arrowprops={"arrowstyle": "->"}
            )
        else:
            ax.text(-0.08, height, "+", ha="right", va="center", fontsize=16)
    ax.text(-0.2, -0.6, "from the block below", ha="right", va="center")
    ax.text(-0.2, len(stations) + 0.3, "to the block above", ha="right", va="center")
    ax.set(xlim=(-1.2, 2.0), ylim=(-0.9, len(stations) + 0.7))
    ax.set_title(f"One block of {repeats}: read, add, think, add")
    ax.set_axis_off()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    ids = torch.tensor([tokenizer.encode("The dog bit the man")])
    stations, n_blocks = list_stations(model, ids), len(model.blocks)
    width, inner = model.config.d_model, model.config.d_ffn
    order = [name for name, _ in stations]
    print(f"{n_blocks} blocks, each runs {', '.join(order)}")
    in_block = sum(count for _, count in stations)
    around = model.embed.numel() + model.norm.weight.numel()
    parameters = n_blocks * in_block + around
    print(f"{n_blocks} x {in_block:,} + {around:,} = {parameters:,} parameters")
    figure, ax = plt.subplots(figsize=(6.4, 3.8))
    draw_stations(ax, stations, n_blocks)
    plt.show()
