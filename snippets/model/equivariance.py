"""Without positions, attention reads a bag of words: shuffled input, shuffled output.

Source: Vaswani et al. (2017), section 3.5, https://arxiv.org/abs/1706.03762;
Kazemnejad et al. (2023) on decoders without positions, https://arxiv.org/abs/2305.19466
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.model.attention import attention, causal_attention


def shuffle_gap(read: Callable[[Tensor], Tensor], x: Tensor, order: list[int]) -> float:
    """Compare shuffling before reading with shuffling after; 0 means order is invisible.

    Args:
        read: From `(T, D)` to `(T, D)`.
        x: `(T, D)`, one row per word.
        order: A permutation of 0..T-1.

    Returns:
        The largest absolute difference.

    Raises:
        ValueError: If `order` is not a permutation of the rows.
    """
    if sorted(order) != list(range(len(x))):
        raise ValueError(f"need a permutation of 0..{len(x) - 1}, got {order}")
    before = read(x[order])  # (T, D)
    after = read(x)[order]  # (T, D)
    return float((before - after).abs().max())


def read_everything(x: Tensor) -> Tensor:
    """Self-attention in which every word reads every word; q = k = v = x keeps it short."""
    return attention(x, x, x)


def read_past(x: Tensor) -> Tensor:
    """Self-attention in which every word reads itself and the words before it."""
    return causal_attention(x, x, x)


if __name__ == "__main__":
    torch.manual_seed(0)
    words = torch.randn(3, 8, dtype=torch.float64)  # dog, bites, man
    seats = torch.randn(3, 8, dtype=torch.float64)  # one vector per place in the sentence
    reverse = [2, 1, 0]  # man bites dog

    gaps = {
        "no positions": shuffle_gap(read_everything, words, reverse),
        "position vectors added": shuffle_gap(lambda x: read_everything(x + seats), words, reverse),
        "no positions, causal mask": shuffle_gap(read_past, words, reverse),
    }
    seen = {name: gap > 1e-9 for name, gap in gaps.items()}
    for name, gap in gaps.items():
        print(f"{name:>26}: order {'matters' if seen[name] else 'is invisible'}, gap {gap:.2f}")
