"""The loss before the first step: weights that start too large are wrong with confidence.

Sources: Radford et al. (2018), section 4.1, https://openai.com/index/language-unsupervised/ (small
first weights); Radford et al. (2019), section 2.3 (smaller where layers add),
https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

import math

import torch
from torch import Tensor

from snippets.basics.learning import wrongness
from snippets.model.characters import play_ids
from snippets.model.tiny import TINY_SIZES, new_tiny
from snippets.tools.threads import with_threads

USUAL_STD = 0.02  # what `Transformer` draws with
START_STDS = (0.02, 0.1, 0.3, 1.0)


@torch.no_grad()
def loss_at_start(std: float, ids: Tensor, vocab_size: int, seed: int) -> float:
    """Draw a Tiny with wider or narrower weights and let it guess, before any step.

    Args:
        std: Standard deviation of its matrices (where layers add to the stream: still smaller).
        ids: `(B, T + 1)`, int64.
        vocab_size: How many tokens there are, V.
        seed: For the weights.

    Returns:
        The loss, in nats per token.

    Raises:
        ValueError: If std is not above 0.
    """
    if not std > 0:
        raise ValueError(f"wanted a standard deviation above 0, got {std}")
    model = new_tiny(vocab_size, seed)
    for weight in model.parameters():
        if weight.ndim == 2:
            weight *= std / USUAL_STD
    return wrongness(model, ids).item()


def foretold_start_loss(std: float, vocab_size: int, width: int) -> float:
    """Foretell it for small weights: ln V and half the variance of the logits, C std^2."""
    return math.log(vocab_size) + width * std**2 / 2


if __name__ == "__main__":
    characters, _, held_out = play_ids()
    ids = held_out[: 16 * 65].view(16, 65)
    start_rows = []
    with with_threads(1):
        for std in START_STDS:
            losses = [loss_at_start(std, ids, len(characters), seed) for seed in range(3)]
            low, high = round(min(losses), 1), round(max(losses), 1)
            told = foretold_start_loss(std, len(characters), TINY_SIZES["d_model"])
            row = {"std": std, "loss": round(sum(losses) / 3, 1), "low": low, "high": high}
            start_rows.append(row | {"small": round(told, 1)})
            print("std {std}: loss {loss} ({low} to {high})".format(**row))
    blind = round(math.log(len(characters)), 1)
    print(f"a die with {len(characters)} sides: {blind}")
