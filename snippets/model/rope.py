"""Rotary positions: turn queries and keys like clock hands, so that only distance counts.

Source: Su et al. (2021), section 3.4.2, equation 34, https://arxiv.org/abs/2104.09864; number i is
paired with number i + D/2 instead of its neighbour, as most implementations do.
"""

import torch
from torch import Tensor

from snippets.tools.plot import name_line


def rope_angles(places: Tensor, head_dim: int, theta: float | None) -> tuple[Tensor, Tensor]:
    """Say how far each pair of numbers is turned at each place.

    Args:
        places: `(T,)`, where in the text each token stands.
        head_dim: D, even. Pair i turns by theta^(-2i/D) radians a place.
        theta: The larger, the slower the slowest pair; None turns nothing at all.

    Returns:
        Cosine and sine of the angles, `(T, D/2)` each, float32.

    Raises:
        ValueError: If head_dim is odd.
    """
    if head_dim % 2:
        raise ValueError(f"rotation needs pairs: wanted an even head_dim, got {head_dim}")
    pairs = torch.arange(0, head_dim, 2, device=places.device) / head_dim  # (P,)
    speeds = theta**-pairs if theta else torch.zeros_like(pairs)  # (P,)
    angles = places[:, None] * speeds  # (T, P)
    return angles.cos(), angles.sin()


def apply_rope(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn every pair of numbers, taken as a point in the plane, by its angle.

    Args:
        x: `(B, H, T, D)`, queries or keys; numbers i and i + D/2 are a pair.
        cos: `(T, D/2)`, in the dtype of x.
        sin: `(T, D/2)`, in the dtype of x.

    Returns:
        `(B, H, T, D)`; no vector gets longer or shorter.
    """
    a, b = x.chunk(2, dim=-1)  # two times (B, H, T, D/2)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    torch.manual_seed(0)
    quarter = apply_rope(torch.tensor([[[[1.0, 0.0]]]]), torch.zeros(1, 1), torch.ones(1, 1))
    turned = quarter.flatten().tolist()
    print("a hand that points east, turned a quarter:", turned)

    q, k = torch.randn(2, 1, 1, 1, 64).expand(2, 1, 1, 512, 64)  # one query, one key, everywhere
    cos, sin = rope_angles(torch.arange(512), 64, theta=100_000.0)
    scores = (apply_rope(q, cos, sin) @ apply_rope(k, cos, sin).mT)[0, 0] / 8  # (512, 512)
    pairs = [(3, 0), (103, 100), (503, 500), (4, 0), (104, 100)]
    matches = {f"{m} and {n}": round(scores[m, n].item(), 3) for m, n in pairs}
    for places, score in matches.items():
        print(f"query and key at {places:>11}: score {score:.3f}")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for number, place in enumerate((100, 300, 500)):
        ax.plot(range(101), scores[place, place - 100 : place + 1].flip(0) + 2 * number)
        name_line(ax, f"query at {place}", 100, scores[place, place - 100].item() + 2 * number)
    ax.set(title="The same curve, wherever the query stands", xlabel="distance to the key, tokens")
    ax.set_ylabel("score, curves shifted by 2")
    plt.show()
