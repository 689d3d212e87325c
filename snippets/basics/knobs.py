"""Where the knobs are: an input layer, hidden layers, an output layer, and numbers in between.

Source: Rumelhart, Hinton and Williams (1986), https://doi.org/10.1038/323533a0 (hidden units)
"""

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from snippets.basics.learning import new_learner, take_step
from snippets.model.characters import Characters
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads

SONG = "banana" * 6


@torch.no_grad()
def watch_layers(model: Transformer, ids: Tensor) -> list[tuple[str, Tensor]]:
    """Note the numbers of the last place of ids `(1, T)` as they pass from layer to layer.

    Returns:
        The letter itself, `(V,)`; what the input layer and each hidden layer made of it, `(C,)`
        each; and the chances of what comes next, `(V,)`.

    Raises:
        ValueError: If ids is not one text.
    """
    if ids.ndim != 2 or len(ids) != 1:
        raise ValueError(f"wanted one text (1, T), got {tuple(ids.shape)}")
    letter = one_hot(ids[0, -1], model.config.vocab_size).float()
    seen = [("letter", letter), ("input layer", model.embed[ids[0, -1]])]
    hooks = [
        block.register_forward_hook(
            lambda block, args, out, n=n: seen.append((f"hidden layer {n}", out[0, -1]))
        )
        for n, block in enumerate(model.blocks, start=1)
    ]
    chances = model(ids)[0, -1].softmax(-1)  # (V,)
    for hook in hooks:
        hook.remove()
    return [*seen, ("output layer", chances)]


def draw_layers(ax, layers: list[tuple[str, Tensor]]) -> None:
    """Draw each number as a dot, the larger the further from 0, and a line for every pair."""
    before = []
    for x, (_, numbers) in enumerate(layers):
        heights = [y - (len(numbers) - 1) / 2 for y in range(len(numbers))]
        for start in before:
            for end in heights:
                ax.plot([x - 1, x], [start, end], color="0.6", linewidth=0.3, zorder=0)
        sizes = 10 + 150 * numbers.abs() / numbers.abs().max()
        colours = ["C1" if number < 0 else "C0" for number in numbers]
        ax.scatter([x] * len(numbers), heights, s=sizes.round().tolist(), c=colours)
        before = heights
    ax.set_xticks(range(len(layers)), [name.replace(" ", "\n", 1) for name, _ in layers])


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    characters = Characters(SONG)
    ids = torch.tensor([characters.encode(SONG)])
    torch.manual_seed(0)
    with with_threads(1):
        model = new_learner(len(characters), width=8)
        for _ in range(250):
            take_step(model, ids, 0.5)
        layers = watch_layers(model, torch.tensor([characters.encode("banan")]))
    for name, numbers in layers:
        print(f"{name}: {len(numbers)} numbers")
    knobs = {"input": model.embed.numel()}
    knobs["hidden"] = sum(weight.numel() for weight in model.blocks.parameters())
    guess = characters.decode([int(layers[-1][1].argmax())])
    sure = round(float(layers[-1][1].max()), 1)
    print(f"knobs: {knobs}; the output layer reads the input's table backwards")
    print(f"banan: next {guess!r}, chance {sure}")
    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    draw_layers(ax, layers)
    letters = characters.decode(list(range(len(characters))))
    for x in (0, len(layers) - 1):
        for y, letter in enumerate(letters):
            ax.text(x + (0.25 if x else -0.25), y - 1, letter, ha="center", va="center")
    ax.set(title="One letter on its way through a network", xlim=(-0.5, 4.5), yticks=[])
    ax.set(xlabel="layers, from left to right", ylabel="numbers")
    plt.show()
