"""Activations in 8 bits: a ruler fixed beforehand on examples, or one measured for each token.

Source: Wu et al. (2020), https://arxiv.org/abs/2004.09602 (calibration); Dettmers et al. (2022),
https://arxiv.org/abs/2208.07339 (a scale for each token)
"""

from torch import Tensor

from snippets.compression.calibration import (
    entropy_limit,
    largest_limit,
    percentile_limit,
    round_within,
    squared_error_limit,
)
from snippets.compression.layer_inputs import (
    LOUD_CHANNEL,
    LOUD_TOKEN,
    calibration_and_test,
    listen_to_layers,
)
from snippets.model.smollm2 import load


def token_errors(weight: Tensor, inputs: Tensor, rounded: Tensor) -> Tensor:
    """Measure how far the output of a layer moved, token by token, against its own length.

    Args:
        weight: `(out, in)`.
        inputs: `(N, in)`.
        rounded: `(N, in)`, what the layer gets instead.

    Returns:
        `(N,)`; 0 is unchanged, 1 is as wrong as an output of zeros.

    Raises:
        ValueError: If shapes do not fit.
    """
    if inputs.shape != rounded.shape or inputs.shape[-1] != weight.shape[1]:
        shapes = [tuple(x.shape) for x in (weight, inputs, rounded)]
        raise ValueError(f"wanted (out, in), (N, in), (N, in), got {shapes}")
    exact = inputs @ weight.mT  # (N, out)
    return (rounded @ weight.mT - exact).norm(dim=1) / exact.norm(dim=1)


def calibrated_limits(examples: Tensor) -> dict[str, float]:
    """Apply every rule to what a layer read, `(N, in)`: where the ruler ends."""
    return {
        "largest value": largest_limit(examples),
        "99.99 %": percentile_limit(examples, 99.99),
        "squared error": squared_error_limit(examples),
        "entropy": entropy_limit(examples),
    }


def per_token_limits(inputs: Tensor) -> Tensor:
    """Measure each token's own largest value, `(N, 1)`: no examples needed, but work at each."""
    return inputs.abs().amax(1, keepdim=True)


if __name__ == "__main__":
    model, tokenizer = load()
    layers = (LOUD_CHANNEL, LOUD_TOKEN)
    examples, fresh = (
        listen_to_layers(model, ids, layers) for ids in calibration_and_test(tokenizer)
    )
    found = []  # for each layer: rule -> (limit, error of the first token, of the usual one)
    for (weight, x), (_, new) in zip(examples, fresh, strict=True):
        limits: dict[str, float | Tensor] = {**calibrated_limits(x)}
        limits["each token its own"] = per_token_limits(new)
        told = {}
        for rule, limit in limits.items():
            errors = 100 * token_errors(weight, new, round_within(new, limit))
            end = "-" if isinstance(limit, Tensor) else f"{limit:.0f}"
            told[rule] = (end, round(errors[0].item(), 1), round(errors[1:].median().item(), 1))
        found.append(told)
    step = round(largest_limit(examples[1][1]) / 127)
    rows = []
    for rule in found[0]:
        (end, _, usual), (long_end, first, others) = (told[rule] for told in found)
        row = {"rule": rule, "end": end, "usual": usual, "long_end": long_end}
        row |= {"first": first, "others": others}
        rows.append(row)
        print("{rule:18}: outputs off {usual:4.1f} %; first token {first:4.1f} %, others"
              " {others:5.1f} %".format(**row))  # fmt: skip
