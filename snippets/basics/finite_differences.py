"""Is the gradient right? Nudge one knob at a time and look how the loss moves.

Source: Baydin et al. (2018), section 2.1 and 3.2, https://arxiv.org/abs/1502.05767 (numerical
against automatic differentiation)
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.basics.learning import new_learner, wrongness


def nudged_slope(loss: Callable[[], Tensor], weight: Tensor, place: int, nudge: float) -> float:
    """Measure how fast a loss rises with one number of a weight, by moving it up and down.

    Raises:
        ValueError: If nudge is not above 0.
    """
    if not nudge > 0:
        raise ValueError(f"wanted a nudge above 0, got {nudge}")
    flat, told = weight.data.view(-1), []
    kept = flat[place].item()
    for sign in (1, -1):
        flat[place] = kept + sign * nudge
        with torch.no_grad():
            told.append(loss().item())
    flat[place] = kept
    return (told[0] - told[1]) / (2 * nudge)


def compare_slopes(model, ids: Tensor, nudge: float) -> list[tuple[float, float]]:
    """Give for one number of each weight its slope by backward() and by nudging."""
    wrongness(model, ids).backward()
    places = {name: weight.grad.abs().argmax().item() for name, weight in model.named_parameters()}
    return [
        (
            weight.grad.view(-1)[places[name]].item(),
            nudged_slope(lambda: wrongness(model, ids), weight, places[name], nudge),
        )
        for name, weight in model.named_parameters()
    ]


if __name__ == "__main__":
    torch.manual_seed(0)
    model, ids = new_learner(50).double(), torch.randint(50, (2, 30))
    pairs = compare_slopes(model, ids, 1e-5)
    worst = max(abs(exact - nudged) / abs(exact) for exact, nudged in pairs)
    agrees = worst < 1e-5
    weights, knobs = len(pairs), sum(weight.numel() for weight in model.parameters())
    print(f"one knob of each of {weights} weights: agree to 5 digits: {agrees}")
    readings = 2 * knobs
    print(f"all {knobs:,} by nudging would take {readings:,} readings; backward() takes about 3")
