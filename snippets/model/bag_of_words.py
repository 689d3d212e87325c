"""Dog bites man: count what a transformer can tell apart when only the order changes.

Source: Vaswani et al. (2017), section 3.5, https://arxiv.org/abs/1706.03762; on decoders without
positions Kazemnejad et al. (2023), https://arxiv.org/abs/2305.19466
"""

from dataclasses import replace
from itertools import permutations

import torch

from snippets.model.transformer import Transformer, TransformerConfig


@torch.no_grad()
def distinct_readings(causal: bool, positions: bool) -> int:
    """Let an untrained transformer read three tokens in all six orders.

    Args:
        causal: Whether each token reads its past only.
        positions: Whether queries and keys are rotated.

    Returns:
        How many different vectors came out for token 0 ("dog"), up to a rounding error.
    """
    torch.manual_seed(0)
    config = TransformerConfig(3, 16, 2, 2, 2, 8, 32, context=3, causal=causal)
    model = Transformer(config if positions else replace(config, rope_theta=None)).double()
    for weight in model.parameters():
        weight.normal_()  # large enough that everybody listens to everybody
    found: list[torch.Tensor] = []
    for order in permutations(range(3)):
        vector = model.read(torch.tensor([order]))[0, order.index(0)]  # (C,)
        if not any(torch.allclose(vector, other, atol=1e-4) for other in found):
            found.append(vector)
    return len(found)


if __name__ == "__main__":
    counts = [
        {"reads": reads, "positions": "yes" if positions else "no"}
        | {"vectors": distinct_readings(reads == "its past", positions)}
        for reads in ("both ways", "its past")
        for positions in (False, True)
    ]
    for row in counts:
        kind = f"reads {row['reads']}, positions: {row['positions']:>3}"
        print(f"{kind}; different vectors for 'dog': {row['vectors']}")
