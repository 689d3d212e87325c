"""How loud a signal arrives after many layers: four ways to draw the first weights.

Sources: Glorot and Bengio (2010), equation 12, https://proceedings.mlr.press/v9/glorot10a.html;
He et al. (2015), section 2.2, https://arxiv.org/abs/1502.01852; Radford et al. (2019), section 2.3,
https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

import torch
from torch import Tensor

from snippets.tools.threads import with_threads

SIGNAL_WIDTH, SIGNAL_LAYERS, SIGNAL_TEXTS = 512, 50, 32
DRAWING_SCHEMES = ("0.02", "Xavier", "Kaiming")


def drawing_std(scheme: str, fan_in: int, fan_out: int) -> float:
    """Say how wide to draw the weights of a layer: their standard deviation.

    Args:
        scheme: "0.02" (the same for every size), "Xavier" (also called Glorot) or "Kaiming" (He).
        fan_in: How many numbers go into the layer.
        fan_out: How many come out.

    Raises:
        ValueError: If the scheme is none of these, or a size is below 1.
    """
    if min(fan_in, fan_out) < 1:
        raise ValueError(f"wanted sizes of at least 1, got {fan_in} and {fan_out}")
    squares = {"0.02": 0.02**2, "Xavier": 2 / (fan_in + fan_out), "Kaiming": 2 / fan_in}
    if scheme not in squares:
        raise ValueError(f"wanted one of {list(squares)}, got {scheme!r}")
    return squares[scheme] ** 0.5


def through_stack(std: float, width: int, layers: int, chance: torch.Generator) -> Tensor:
    """Send noise through layers of ReLU and a random matrix.

    Returns:
        `(layers + 1,)`, the mean square of the signal before the first layer and after each.
    """
    x = torch.randn(SIGNAL_TEXTS, width, generator=chance)  # (B, C)
    squares = [x.double().square().mean()]
    for _ in range(layers):
        weight = torch.randn(width, width, generator=chance) * std
        x = x.relu() @ weight.T  # (B, C)
        squares.append(x.double().square().mean())
    return torch.stack(squares)


def foretold_stack(std: float, width: int, layers: int) -> Tensor:
    """Foretell the same: ReLU halves the square, the matrix multiplies it by C std^2."""
    return (width * std**2 / 2) ** torch.arange(layers + 1).double()


def through_stream(share: float, width: int, additions: int, chance: torch.Generator) -> Tensor:
    """Let layers add to a stream: x becomes x + share * W relu(norm(x)), with W after Kaiming.

    Returns:
        `(additions + 1,)`, the mean square of the stream.
    """
    x = torch.randn(SIGNAL_TEXTS, width, generator=chance)  # (B, C)
    squares, std = [x.double().square().mean()], drawing_std("Kaiming", width, width)
    for _ in range(additions):
        weight = torch.randn(width, width, generator=chance) * std
        even = x / x.square().mean(-1, keepdim=True).sqrt()  # (B, C), mean square 1
        x = x + share * (even.relu() @ weight.T)  # (B, C)
        squares.append(x.double().square().mean())
    return torch.stack(squares)


def foretold_stream(share: float, additions: int) -> Tensor:
    """Foretell the same: each addition brings a mean square of share^2."""
    return 1 + share**2 * torch.arange(additions + 1).double()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    chance = torch.Generator().manual_seed(0)
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.8, 3.2), layout="constrained")
    signal_rows, stream_rows, additions = [], [], 2 * SIGNAL_LAYERS
    for n, scheme in enumerate(DRAWING_SCHEMES):
        std = drawing_std(scheme, SIGNAL_WIDTH, SIGNAL_WIDTH)
        sizes = (std, SIGNAL_WIDTH, SIGNAL_LAYERS)
        with with_threads(1):
            found = torch.stack([through_stack(*sizes, chance) for _ in range(4)]).mean(0).sqrt()
        told = foretold_stack(*sizes).sqrt()
        left.semilogy(found, color=f"C{n}", label=scheme, linewidth=5, alpha=0.4)
        left.semilogy(told, color=f"C{n}", linestyle="--")
        a_layer = round(float(found[-1] / found[0]) ** (1 / SIGNAL_LAYERS), 2)
        row = {"scheme": scheme, "std": std, "a layer": a_layer, "foretold": float(told[1])}
        signal_rows.append(row | {"end": 10 ** round(float(found[-1].log10()))})
        print(f"{scheme}: every layer multiplies by {a_layer}, foretold {told[1]:.2f}")
    for n, (name, share) in enumerate((("plain", 1.0), ("scaled", additions**-0.5)), 3):
        with with_threads(1):
            draws = [through_stream(share, SIGNAL_WIDTH, additions, chance) for _ in range(2)]
        found, told = torch.stack(draws).mean(0).sqrt(), foretold_stream(share, additions).sqrt()
        right.plot(found, color=f"C{n}", label=name, linewidth=5, alpha=0.4)
        right.plot(told, color=f"C{n}", linestyle="--")
        stream_rows.append({"additions": name, "end": round(float(found[-1]), 1),
                            "foretold": round(float(told[-1]), 1)})  # fmt: skip
        print("stream, {additions}: from 1 to {end}, foretold {foretold}".format(**stream_rows[-1]))
    right_width = round(2 / drawing_std("0.02", 1, 1) ** 2)
    print(f"0.02 is what Kaiming would draw for a width of {right_width:,}")
    left.set(title="A stack of layers", xlabel="layers", ylabel="size of the signal")
    right.set(title="A stream that layers add to", xlabel="additions", ylim=0)
    left.legend()
    right.legend()
    plt.show()
