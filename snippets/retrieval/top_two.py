"""What one vector per document cannot do: some pairs can never be the first two.

Sources: Weller et al. (2025), https://arxiv.org/abs/2508.21038 (the limit); Ziegler (1995),
Lectures on Polytopes, lecture 0, https://doi.org/10.1007/978-1-4613-8431-1 (cyclic polytopes)
"""

from itertools import combinations

import torch
from torch import Tensor


def pairs_on_top(points: Tensor) -> dict[tuple[int, int], Tensor]:
    """Find every pair of documents that some query puts first and second, with such a query.

    For vectors of length 1, these pairs are the edges of the body that the points span: where a
    plane cuts off two corners, they are joined. An edge lies on faces, and the sum of what points
    out of these is a query. All that could be faces are tried, so keep n small.

    Args:
        points: `(n, d)`, float64, rows of length 1, no d + 1 of them in one plane, n > d >= 2.

    Returns:
        Pairs, smaller number first, each with a query `(d,)` of length 1.

    Raises:
        ValueError: If the shape is wrong or a row is not of length 1.
    """
    n, d = points.shape if points.ndim == 2 else (0, 0)
    if not n > d >= 2 or not torch.allclose(points.norm(dim=1), points.new_ones(())):
        raise ValueError(f"wanted n > d >= 2 rows of length 1, got {tuple(points.shape)}")
    faces = torch.tensor(list(combinations(range(n), d)))  # (F, d), all that could be
    edges = points[faces[:, 1:]] - points[faces[:, :1]]  # (F, d - 1, d)
    outward = torch.linalg.svd(edges).Vh[:, -1]  # (F, d), at right angles to the face
    heights = torch.einsum("nd,fd->fn", points, outward)  # (F, n)
    heights = heights - heights.gather(1, faces[:, :1])  # 0 on the face itself
    heights = heights.scatter(1, faces, 0.0)
    lowest, highest = heights.amin(1), heights.amax(1)  # (F,)
    signs = 1.0 * (lowest >= 0) - 1.0 * (highest <= 0)  # 1: all others above it, -1: all below
    queries: dict[tuple[int, int], Tensor] = {}
    for face in signs.nonzero()[:, 0].tolist():
        for pair in combinations(faces[face].tolist(), 2):
            queries[pair] = queries.get(pair, 0) - signs[face] * outward[face]
    return {pair: query / query.norm() for pair, query in sorted(queries.items())}


def lead_of(points: Tensor, pair: tuple[int, int], query: Tensor) -> float:
    """Say by how much the worse of two documents beats the best other one; below 0, it does not."""
    scores = points @ query  # (n,)
    others = torch.ones(len(points), dtype=torch.bool)
    others[list(pair)] = False
    return float(scores[list(pair)].min() - scores[others].max())


def on_a_circle(n: int) -> Tensor:
    """Spread n documents over a circle: `(n, 2)`, float64."""
    angle = 2 * torch.pi * torch.arange(n, dtype=torch.float64) / n
    return torch.stack([angle.cos(), angle.sin()], dim=1)


def wound_twice(n: int) -> Tensor:
    """Add two more numbers that go round at double speed: `(n, 4)`, float64, length 1."""
    angle = 2 * torch.pi * torch.arange(n, dtype=torch.float64) / n
    columns = [angle.cos(), angle.sin(), (2 * angle).cos(), (2 * angle).sin()]
    return torch.stack(columns, dim=1) / 2**0.5


def query_for(i: int, j: int, n: int) -> Tensor:
    """Give the query `(4,)` that puts documents i and j of `wound_twice(n)` before all others.

    The score at angle t is a constant minus (1 - cos(t - a)) (1 - cos(t - b)), multiplied out: best
    where t is the angle a or b of one of the two, and lower everywhere else.
    """
    a, b = (torch.tensor(2 * torch.pi * k / n, dtype=torch.float64) for k in (i, j))
    once = [a.cos() + b.cos(), a.sin() + b.sin()]
    twice = [-(a + b).cos() / 2, -(a + b).sin() / 2]
    query = torch.stack([*once, *twice])
    return query / query.norm()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    n, chance = 12, torch.Generator().manual_seed(0)
    all_pairs = n * (n - 1) // 2
    rows = []
    for d in (2, 3, 4, 5, 6, 7):
        points = torch.randn(n, d, generator=chance, dtype=torch.float64)
        pairs = pairs_on_top(points / points.norm(dim=1, keepdim=True))
        rows.append({"numbers": d, "pairs": len(pairs), "share": len(pairs) / all_pairs})
        print(f"{d} numbers, at random: {len(pairs)} of {all_pairs} pairs can be on top")
    circle, wound = len(pairs_on_top(on_a_circle(n))), len(pairs_on_top(wound_twice(n)))
    ball = torch.randn(20, 3, generator=chance, dtype=torch.float64)
    twenty = len(pairs_on_top(ball / ball.norm(dim=1, keepdim=True)))
    print(f"2 numbers, on a circle: {circle}; 4 numbers, wound twice: {wound}")

    leads = {n: lead_of(wound_twice(n), (0, 1), query_for(0, 1, n)) for n in (12, 24, 48, 96, 192)}
    print("lead of two neighbours:", ", ".join(f"{n}: {lead:.1g}" for n, lead in leads.items()))
    times_less = round(leads[96] / leads[192])
    coarse = 2**-11  # between 0.5 and 1, numbers of 16 bits lie so far apart
    too_close = min(n for n, lead in leads.items() if lead < coarse)

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.plot([row["numbers"] for row in rows], [row["pairs"] for row in rows], marker="o")
    ax.axhline(all_pairs, color="C1", linestyle=":")
    ax.text(2, all_pairs - 1, "all pairs", va="top")
    ax.set(title="Which pairs of 12 documents can be the first two", ylim=0)
    ax.set(xlabel="numbers in a vector (vectors drawn at random)", ylabel="pairs")
    plt.show()
