"""Attention spelled out, one number at a time, with nothing but Python.

Source: Vaswani et al. (2017), equation 1, https://arxiv.org/abs/1706.03762
"""

from collections.abc import Sequence
from math import exp, sqrt

import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.attention import attention

RowsOfNumbers = list[list[float]]


def attention_by_loops(
    queries: RowsOfNumbers, keys: RowsOfNumbers, values: RowsOfNumbers
) -> tuple[RowsOfNumbers, int]:
    """Do for every query what the party guest did, and count the multiplications.

    Args:
        queries: T rows of D numbers.
        keys: S rows of D numbers.
        values: S rows of E numbers.

    Returns:
        T rows of E numbers, and how many multiplications the two products took.

    Raises:
        ValueError: If there is not exactly one value for every key.
    """
    if len(keys) != len(values):
        raise ValueError(f"need one value per key, got {len(keys)} keys, {len(values)} values")
    outputs, multiplications = [], 0
    for query in queries:
        weights = []
        for key in keys:
            score = dot_product(query, key) / sqrt(len(query))
            weights.append(exp(score))  # fine for small scores; real code subtracts the largest
            multiplications += len(key)
        total = sum(weights)
        shares = [weight / total for weight in weights]
        outputs.append([dot_product(shares, column) for column in zip(*values, strict=True)])
        multiplications += len(values) * len(values[0])
    return outputs, multiplications


def dot_product(a: Sequence[float], b: Sequence[float]) -> float:
    """Multiply number by number and add up."""
    return sum(x * y for x, y in zip(a, b, strict=True))


if __name__ == "__main__":
    torch.manual_seed(0)
    T, D = 32, 16
    q, k, v = (torch.randn(1, 1, T, D) for _ in range(3))

    loops, multiplications = attention_by_loops(*(x[0, 0].tolist() for x in (q, k, v)))
    matrices = attention(q, k, v)[0, 0]
    fused = scaled_dot_product_attention(q, k, v)[0, 0]

    loops_agree = bool((matrices - torch.tensor(loops)).abs().max() < 1e-6)
    fused_agrees = bool((matrices - fused).abs().max() < 1e-6)
    print(f"loops and matrices agree to one millionth: {loops_agree}")
    print(f"matrices and PyTorch's fused kernel agree to one millionth: {fused_agrees}")
    print(f"multiplications in the loops: {multiplications:,} = 2 x {T} x {T} x {D}")
