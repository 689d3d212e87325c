"""Normalize before each part or after it? What that does to gradients before training begins.

Source: Xiong et al. (2020), section 3 and theorem 1, https://arxiv.org/abs/2002.04745
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, embedding

from snippets.model.cache import reading_mask
from snippets.model.rope import rope_angles
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.plot import name_line

DEEP_WIDTH, DEEP_HEADS, DEEP_VOCABULARY, DEEP_LENGTH, DEEP_TEXTS = 64, 4, 97, 32, 8


def deep_model(n_layers: int) -> Transformer:
    """Draw an untrained transformer, weights as Xavier and Glorot say.

    Raises:
        ValueError: If there is no layer.
    """
    if n_layers < 1:
        raise ValueError(f"wanted at least 1 layer, got {n_layers}")
    head_dim = DEEP_WIDTH // DEEP_HEADS
    model = Transformer(
        TransformerConfig(
            DEEP_VOCABULARY,
            DEEP_WIDTH,
            n_layers,
            DEEP_HEADS,
            DEEP_HEADS,
            head_dim,
            4 * DEEP_WIDTH,
            DEEP_LENGTH,
            tied=False,
        )
    )
    for weight in model.parameters():
        if weight.ndim == 2:
            torch.nn.init.xavier_uniform_(weight)
    torch.nn.init.normal_(model.embed)
    torch.nn.init.normal_(model.head, std=DEEP_WIDTH**-0.5)
    return model


def first_loss(model: Transformer, ids: Tensor, targets: Tensor, norm_first: bool) -> Tensor:
    """Run the model's parts with the norms in one place or the other; the loss before training.

    Args:
        model: As from `deep_model`.
        ids: `(B, T)`, int64.
        targets: `(B, T)`, int64.
        norm_first: True normalizes what goes into each part (now usual), and the end; False what
            comes out of each sum (2017).
    """
    T, head_dim = ids.shape[1], model.config.head_dim
    around = (*rope_angles(torch.arange(T), head_dim, 10_000.0), reading_mask(T, T))
    x = embedding(ids, model.embed)  # (B, T, C)
    for block in model.blocks:
        if norm_first:
            x = block(x, *around)  # (B, T, C)
        else:
            x = block.norm_1(x + block.attention(x, *around))  # (B, T, C)
            x = block.norm_2(x + block.ffn(x))  # (B, T, C)
    logits = model.predict(model.norm(x) if norm_first else x)  # (B, T, V)
    return cross_entropy(logits.flatten(0, 1), targets.flatten())


def gradients_by_layer(n_layers: int, norm_first: bool, seed: int) -> list[float]:
    """Measure the gradient of each layer's last matrix, on random texts, from first to last."""
    torch.manual_seed(seed)
    model = deep_model(n_layers)
    ids, targets = torch.randint(DEEP_VOCABULARY, (2, DEEP_TEXTS, DEEP_LENGTH))
    first_loss(model, ids, targets, norm_first).backward()
    return [block.ffn.down.weight.grad.norm().item() for block in model.blocks]


def mean_gradients(n_layers: int, norm_first: bool) -> list[float]:
    """Average over three seeds."""
    runs = [gradients_by_layer(n_layers, norm_first, seed) for seed in range(3)]
    return [sum(layer) / 3 for layer in zip(*runs, strict=True)]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows = []
    for depth in (6, 12, 24):
        after, before = mean_gradients(depth, False), mean_gradients(depth, True)
        rows.append({"depth": depth, "after": after[-1], "before": before[-1]})
        print(f"{depth:2} layers, last layer: {after[-1]:.2f} norm after, {before[-1]:.3f} before")
    first_after, first_before = round(after[0], 2), round(before[0], 2)
    print(f"24 layers, first layer: {first_after} norm after, {first_before} before")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for name, line in (("norm after (2017)", after), ("norm first", before)):
        ax.plot(range(1, 25), line)
        name_line(ax, name, 24, line[-1])
    ax.set_ylim(0)
    ax.set(
        title="Gradient at the start, 24 layers", xlabel="layer", ylabel="length of the gradient"
    )
    plt.show()
