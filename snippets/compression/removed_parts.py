"""Take whole parts out of a model: layers, groups of heads, neurons. What stays is smaller.

Sources: Men et al. (2024), section 3, https://arxiv.org/abs/2403.03853 (layers that change little);
Muralidharan et al. (2024), section 2, https://arxiv.org/abs/2407.14679 (heads and neurons by what
they say on a small calibration text)
"""

from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from snippets.compression.block_inputs import block_inputs, calibration_ids
from snippets.compression.same_text import Referee, fixed_rows
from snippets.model.smollm2 import load
from snippets.model.transformer import DecoderBlock, Transformer
from snippets.tools.threads import with_threads


def without_layers(model: Transformer, layers: set[int]) -> Transformer:
    """Make a model of the other layers; it shares their weights with the old one.

    Args:
        model: Stays as it is.
        layers: Which to leave out, counted from 0.

    Raises:
        ValueError: If there is no such layer, or nothing would stay.
    """
    c = model.config
    stay = [n for n in range(c.n_layers) if n not in layers]
    if not layers <= set(range(c.n_layers)) or not stay:
        raise ValueError(f"wanted some of layers 0 to {c.n_layers - 1}, got {sorted(layers)}")
    with torch.device("meta"):  # sizes without memory
        shorter = Transformer(replace(c, n_layers=len(stay))).eval()
    weights = {k: w for k, w in model.state_dict().items() if not k.startswith("blocks.")}
    for new, old in enumerate(stay):
        block = model.blocks[old].state_dict()
        weights |= {f"blocks.{new}.{name}": weight for name, weight in block.items()}
    shorter.load_state_dict(weights, assign=True)
    return shorter


def keep_neurons(block: DecoderBlock, stay: Tensor) -> None:
    """Cut neurons out of a feed-forward network; `stay` holds the numbers of those that stay."""
    ffn = block.ffn
    ffn.gate, ffn.up = (_cut(layer, stay, 0) for layer in (ffn.gate, ffn.up))
    ffn.down = _cut(ffn.down, stay, 1)


def keep_head_groups(block: DecoderBlock, stay: Tensor) -> None:
    """Cut heads of keys and values out, with the queries that share them; as `keep_neurons`."""
    part, D = block.attention, block.attention.head_dim
    J = part.query.out_features // part.key.out_features  # query heads in a group
    rows = (stay[:, None] * D + torch.arange(D)).flatten()
    many = (stay[:, None] * J * D + torch.arange(J * D)).flatten()
    part.query, part.out = _cut(part.query, many, 0), _cut(part.out, many, 1)
    part.key, part.value = _cut(part.key, rows, 0), _cut(part.value, rows, 0)


def _cut(layer: nn.Linear, stay: Tensor, axis: int) -> nn.Linear:
    """Keep some rows (axis 0, outputs) or columns (axis 1, inputs) of a layer."""
    weight = layer.weight.detach().index_select(axis, stay)
    with torch.device("meta"):
        smaller = nn.Linear(*reversed(weight.shape), bias=False)
    smaller.weight = nn.Parameter(weight)
    return smaller


def part_scores(model: Transformer, ids: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Measure what every part contributes on a calibration text.

    Args:
        model: Stays as it is.
        ids: `(B, T)`, int64.

    Returns:
        Of each layer, how far it turns the stream, 1 - cosine, `(layers,)`; of each neuron,
        `(layers, F)`, and of each head of keys, `(layers, G)`, how much it adds to the stream.
    """
    turned, neurons, groups = [], [], []
    hooks = [
        block.register_forward_hook(
            lambda block, given, said: turned.append(
                float(1 - cosine_similarity(given[0], said, dim=-1).mean())
            )
        )
        for block in model.blocks
    ]
    for block, read in block_inputs(model, ids):
        size = read[("ffn.down",)].norm(dim=0)  # (F)
        neurons.append(size * block.ffn.down.weight.detach().norm(dim=0))
        size = read[("attention.out",)].norm(dim=0) * block.attention.out.weight.norm(dim=0)
        groups.append(size.detach().view(model.config.n_kv_heads, -1).norm(dim=1))
    for hook in hooks:
        hook.remove()
    return torch.tensor(turned), torch.stack(neurons), torch.stack(groups)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    every = sum(weight.numel() for weight in model.blocks.parameters())
    with with_threads(1):
        referee = Referee(model, fixed_rows(tokenizer))
        turned, neurons, groups = part_scores(model, calibration_ids(tokenizer, count=2))
        quiet = turned.argsort().tolist()  # the layers, from the one that turns least
        fewer_neurons, fewer_groups = without_layers(model, set()), without_layers(model, set())
        stay_neurons = round(model.config.d_ffn * (1 - 0.1 / 0.75))  # they hold 3/4 of a block
        for n, (few_n, few_g) in enumerate(
            zip(fewer_neurons.blocks, fewer_groups.blocks, strict=True)
        ):
            keep_neurons(few_n, neurons[n].topk(stay_neurons).indices.sort().values)
            keep_head_groups(few_g, groups[n].topk(groups.shape[1] - 1).indices.sort().values)
        smaller = {
            "layer 0": without_layers(model, {0}),
            f"layer {quiet[0]}": without_layers(model, {quiet[0]}),
            "layers {}, {}, {}".format(*sorted(quiet[:3])): without_layers(model, set(quiet[:3])),
            "neurons, some of every layer": fewer_neurons,
            "heads, a third of every layer": fewer_groups,
        }
        rows = []
        for name, small in smaller.items():
            gone = every - sum(weight.numel() for weight in small.blocks.parameters())
            row = {"removed": name, "gone": gone / every, "saved": gone * model.embed.itemsize}
            rows.append(row | {"perplexity": referee.verdict(small)["perplexity"]})
    print("removed                        of blocks       bytes  perplexity")
    for row in rows:
        told = f"{row['gone']:9.1%} {row['saved']:11,} {row['perplexity']:11,.0f}"
        print(f"{row['removed']:30} {told}")
    turns, layers = [round(x, 3) for x in turned.tolist()], len(turned)
    print("1 - cosine: layer 0", turns[0], f"layer {quiet[0]}", turns[quiet[0]], "last", turns[-1])

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    ax.bar(range(len(turns)), turns, color=["C1" if n in quiet[:3] else "C0" for n in range(30)])
    ax.set_yscale("log")
    ax.set(
        title="Which layers do little?", xlabel="layer", ylabel="turn of the stream (1 - cosine)"
    )
    plt.show()
