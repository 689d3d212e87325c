"""What real models are made of: weights nearly like a bell, activations with giants among them.

Source: Sun et al. (2024), "Massive Activations in Large Language Models",
https://arxiv.org/abs/2402.17762
"""

import torch
from torch import Tensor

from snippets.compression.block_inputs import block_inputs
from snippets.compression.integer import quantize_absmax
from snippets.compression.same_text import token_windows
from snippets.model.minilm import load_minilm_parts
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.texts import read_play
from snippets.tools.threads import with_threads

WATCHED_BLOCK, WATCHED_LAYER = 11, "ffn.down"


def outlier_ratio(x: Tensor) -> float:
    """Divide the largest magnitude by a middling one (the median)."""
    return (x.abs().max() / x.abs().median()).item()


def labels_in_blocks(weight: Tensor, size: int = 32) -> Tensor:
    """Count the different numbers in every block of neighbours: `(blocks,)`.

    Raises:
        ValueError: If blocks do not divide the rows.
    """
    if size < 1 or weight.shape[-1] % size:
        raise ValueError(f"blocks of {size} do not divide rows of {weight.shape[-1]}")
    ordered = weight.reshape(-1, size).sort(1).values  # (blocks, size)
    return 1 + (ordered.diff(dim=1) > 0).sum(1)


def weight_and_inputs(model: Transformer, ids: Tensor) -> tuple[Tensor, Tensor]:
    """Let a model read, and give one layer's weight `(out, in)` and what it read `(B T, in)`."""
    for number, (block, read) in enumerate(block_inputs(model, ids)):
        if number == WATCHED_BLOCK:
            return block.get_submodule(WATCHED_LAYER).weight.detach(), read[WATCHED_LAYER,]
    raise ValueError(f"wanted block {WATCHED_BLOCK}, the model has {len(model.blocks)}")


def histogram_in_spreads(x: Tensor, edges: Tensor) -> tuple[Tensor, Tensor]:
    """Count x, in units of its standard deviation, and what a bell of as many would have.

    Args:
        x: Any shape.
        edges: `(N + 1)`, rising.

    Returns:
        Counts and the bell's expected counts, `(N,)` each.
    """
    counts, _ = torch.histogram((x / x.double().std()).flatten(), edges)
    bell = torch.distributions.Normal(0.0, 1.0)
    return counts, x.numel() * bell.cdf(edges).diff()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    with with_threads(1):
        model, tokenizer = load()
        ids = token_windows(tokenizer, read_play("hamlet"), 1, 128)  # the same text every time
        weight, inputs = weight_and_inputs(model, ids)
    never = load_minilm_parts()[1].blocks[3].down.weight.detach()  # MiniLM's file is in float32
    bell_numbers = torch.randn(weight.shape, generator=torch.Generator().manual_seed(0))
    rows = []
    for name, x in {"a bell curve": bell_numbers, "weights of MiniLM": never,
                    "weights of SmolLM2": weight, "activations": inputs,
                    "without first token": inputs[1:]}.items():  # fmt: skip
        left = int(quantize_absmax(x, 8)[0].count_nonzero())  # one scale for all
        lost = 100 - 100 * left / x.numel()
        rows.append({"numbers": name, "ratio": outlier_ratio(x), "lost": round(lost, 3)})
        rows[-1] |= {"count": x.numel(), "left": left}
        print(
            f"{name:19} largest / middling {rows[-1]['ratio']:8,.0f}, 8 bits: {lost:7.3f} % zeros"
        )
    giants = int((inputs.abs() > 100 * inputs[1:].std()).sum())
    giant, middling = inputs.abs().max().item(), inputs.abs().median().item()
    by_token = 100 * (quantize_absmax(inputs, 8, axis=0)[0] == 0).float().mean().item()
    most_labels = [int(labels_in_blocks(w).max()) for w in (never, weight)]
    print(f"a scale for each token: zeros {by_token:.1f} %; numbers above 100 spreads: {giants}")
    first_block = int(labels_in_blocks(weight)[0])
    print("different numbers in a block of 32, at most:", *most_labels)

    edges = torch.arange(-40, 32.5, 0.5)
    _, axes = plt.subplots(1, 2, figsize=(7.2, 3.2))
    for n, (name, x) in enumerate({"MiniLM": never, "SmolLM2": weight}.items()):
        counts, bell = histogram_in_spreads(x, edges)
        axes[0].stairs(counts, edges, label=name, color=f"C{n}")
    axes[0].plot((edges[1:] + edges[:-1]) / 2, bell, "C2--", label="a bell curve")
    axes[0].set(title="Weights of one matrix", xlabel="size (standard deviations)")
    sizes, edges = inputs.abs().clamp(min=1e-4).log10().flatten(), torch.arange(-4, 4.1, 0.2)
    axes[1].stairs(torch.histogram(sizes, edges)[0], 10**edges, fill=True)
    axes[1].set(title="Activations entering it", xlabel="size", xscale="log")
    axes[1].annotate(f"{giants} giants", (giant, 1.2), (giant, 100), ha="center",
                     arrowprops={"arrowstyle": "->"})  # fmt: skip
    for ax in axes:
        ax.set(yscale="log", ylabel="how many", ylim=(0.7, None))
    axes[0].legend(loc="upper left", fontsize=8)
    plt.show()

    _, ax = plt.subplots(figsize=(7.2, 1.9))
    for n, w in enumerate((never, weight)):
        block = w.view(-1, 32)[0] / w.view(-1, 32)[0].abs().max()
        ax.plot(block, [-n] * 32, f"C{n}|", markersize=22)
    ax.set_yticks([0, -1], ["MiniLM", "SmolLM2"])
    ax.set(title="A block of 32 weights from each", xlabel="weight (largest = 1)")
    ax.margins(y=0.5)
    plt.show()
