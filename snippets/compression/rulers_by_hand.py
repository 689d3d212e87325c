"""Two exercises on rulers: how many values a percentile clips, and smoothing with a pencil.

Sources: Wu et al. (2020), https://arxiv.org/abs/2004.09602; Xiao et al. (2022), equation 4,
https://arxiv.org/abs/2211.10438
"""

import torch
from torch import Tensor

from snippets.compression.calibration import percentile_limit
from snippets.compression.smoothing import smoothing


def clipped_count(x: Tensor, percent: float) -> int:
    """Count the values that a percentile rule leaves outside; errors as in `percentile_limit`."""
    return int((x.abs() > percentile_limit(x, percent)).sum())


if __name__ == "__main__":
    TOKENS, CHANNELS = 256, 576
    x = torch.randn(TOKENS, CHANNELS, generator=torch.Generator().manual_seed(0))
    values, outside = x.numel(), clipped_count(x, 99.99)
    x.view(-1)[:20] = torch.arange(1000.0, 1020.0)  # the giants
    limit = percentile_limit(x, 99.99)
    inside = int((x[x.abs() >= 1000].abs() <= limit).sum())
    print(f"99.99 % of {values:,} values are inside, {outside} are not")
    print(f"with 20 giants the ruler ends at {limit:,.0f}, and {inside} of them stay inside")

    inputs = torch.tensor([[-100.0, 4.0], [50.0, 2.0]])  # 2 tokens, 2 channels
    weight = torch.tensor([[1.0, -4.0]])  # 1 output
    s = smoothing(inputs, weight)
    divisors, quieter, heavier = s.tolist(), (inputs / s).tolist(), (weight * s).tolist()
    products = ((inputs / s) @ (weight * s).mT).flatten().tolist()
    print("divide channels by", *divisors)
    print("inputs", quieter, "weights", heavier, "outputs", products)
