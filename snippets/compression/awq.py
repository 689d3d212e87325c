"""AWQ: before rounding, make the weights larger that meet loud inputs; make up for it afterwards.

Source: Lin et al. (2023), section 3.2, equations 4 and 5, https://arxiv.org/abs/2306.00978
"""

import torch
from torch import Tensor

from snippets.compression.grid import round_to_nearest

AWQ_TRIES = 20  # exponents 0, 1/20 ... 19/20


def awq(
    weight: Tensor, inputs: Tensor, bits: int, group_size: int = 64, tries: int = AWQ_TRIES
) -> Tensor:
    """Round a layer with the scaling, out of a few, that changes its output least.

    Args:
        weight: `(out, in)`, finite.
        inputs: `(N, in)`, finite: examples of what the layer reads.
        bits: 2 to 8: each row has 2**bits labels at equal distances in every group.
        group_size: How many neighbours in a row share their labels; the last may be fewer.
        tries: How many exponents to try; the first is 0, which is plain rounding.

    Returns:
        The rounded weight with its scaling undone, float32, `(out, in)`.

    Raises:
        ValueError: If shapes do not fit, numbers are not finite, or nothing is to be tried.
    """
    fits = inputs.ndim == weight.ndim == 2 and inputs.shape[1] == weight.shape[1]
    if not fits or tries < 1 or not inputs.isfinite().all():
        got = f"{tuple(weight.shape)}, {tuple(inputs.shape)}, {tries} tries"
        raise ValueError(f"wanted a weight (out, in), finite inputs (N, in), a try; got {got}")
    best, least = weight, float("inf")
    for n in range(tries):
        scale = awq_scale(inputs, n / tries)  # (in)
        rounded = round_to_nearest(weight * scale, bits, group_size) / scale
        moved = inputs @ (rounded - weight).T  # (N, out)
        if (loss := float(moved.square().mean())) < least:
            best, least = rounded, loss
    return best


def awq_scale(inputs: Tensor, exponent: float) -> Tensor:
    """Turn the mean loudness of each input channel into a factor for its weights, `(in)`."""
    loud = inputs.abs().mean(0).clamp(min=1e-4) ** exponent  # (in)
    return loud / (loud.max() * loud.min()).sqrt()


if __name__ == "__main__":
    torch.manual_seed(0)
    weight = torch.randn(256, 512)
    inputs = torch.randn(1024, 512)
    inputs[:, :5] *= 30  # about one channel in a hundred is loud

    def lost(rounded: torch.Tensor) -> float:
        """Give the share of the output that is lost."""
        return float((inputs @ (rounded - weight).T).norm() / (inputs @ weight.T).norm())

    nearest = round_to_nearest(weight, 4, 64)
    spared = {}
    by_size, by_loudness = weight.norm(dim=0), inputs.norm(dim=0)
    for name, rank in {"heaviest": by_size, "loudest": by_loudness}.items():
        spared[name] = nearest.clone()
        chosen = rank.topk(5).indices
        spared[name][:, chosen] = weight[:, chosen]
    ways = {
        "nearest": nearest,
        "spare the 5 columns with the largest weights": spared["heaviest"],
        "spare the 5 columns with the loudest inputs": spared["loudest"],
        "AWQ: spare nobody, scale": awq(weight, inputs, 4),
    }
    losses = {name: round(lost(rounded), 4) for name, rounded in ways.items()}
    for name, loss in losses.items():
        print(f"{name:46} {loss:.2%} of the output lost")
