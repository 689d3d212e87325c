"""Say which parameters of a model may learn: all, those of its last layers, or a head of its own.

Source: Yosinski et al. (2014), https://arxiv.org/abs/1411.1792 (which layers to keep)
"""

from torch import nn

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

WAYS_TO_TUNE = ("full", "last two layers", "head")


def free_for_training(model: Transformer, way: str) -> Transformer:
    """Freeze everything but what a way of fine-tuning trains.

    Args:
        model: Changed in place.
        way: "full", "last two layers" or "head": the matrix that scores tokens, as one of its own.

    Returns:
        The same model.

    Raises:
        ValueError: If there is no such way.
    """
    if way not in WAYS_TO_TUNE:
        raise ValueError(f"wanted one of {list(WAYS_TO_TUNE)}, got {way!r}")
    model.requires_grad_(way == "full")
    if way == "last two layers":
        model.blocks[-2:].requires_grad_(True)
    if way == "head":  # it is also the table of tokens, which stays as it is
        model.head = nn.Parameter(model.embed.detach().clone())
    return model


def learns(model: nn.Module) -> list[nn.Parameter]:
    """List the parameters that training may change."""
    return [weight for weight in model.parameters() if weight.requires_grad]


def trainable(model: nn.Module) -> int:
    """Count the numbers that training may change."""
    return sum(weight.numel() for weight in learns(model))


if __name__ == "__main__":
    counts = {way: trainable(free_for_training(load()[0], way)) for way in WAYS_TO_TUNE}
    for way, count in counts.items():
        print(f"{way:16} {count:>11,} parameters may learn")
