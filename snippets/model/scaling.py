"""Why scores are divided by the square root of D: a saturated softmax stops learning.

Source: Vaswani et al. (2017), section 3.2.1 and footnote 4, https://arxiv.org/abs/1706.03762
"""

import torch
from torch import Tensor

from snippets.tools.plot import name_line


def random_scores(d: int, samples: int, keys: int, seed: int = 0) -> Tensor:
    """Score random queries against random keys, all components of mean 0 and variance 1.

    Args:
        d: Numbers per query and key.
        samples: How many queries, each with keys of its own.
        keys: Keys per query.
        seed: Where the random numbers start.

    Returns:
        Unscaled scores q·k, `(samples, keys)`, float64.

    Raises:
        ValueError: If a size is below 1.
    """
    if min(d, samples, keys) < 1:
        raise ValueError(f"sizes must be at least 1, got d={d}, samples={samples}, keys={keys}")
    dice = torch.Generator().manual_seed(seed)
    q = torch.randn(samples, 1, d, generator=dice, dtype=torch.float64)  # (samples, 1, d)
    k = torch.randn(samples, keys, d, generator=dice, dtype=torch.float64)  # (samples, keys, d)
    return (q * k).sum(-1)


def softmax_jacobian(weights: Tensor) -> Tensor:
    """Tell how every weight answers to a nudge of every score: dw_i/ds_j = w_i (1[i=j] - w_j).

    Args:
        weights: `(N, S)`, rows of a softmax.

    Returns:
        `(N, S, S)`.
    """
    outer = weights.unsqueeze(-1) * weights.unsqueeze(-2)  # (N, S, S)
    return torch.diag_embed(weights) - outer


def responsiveness(scores: Tensor) -> float:
    """Measure the median (over rows) of the Jacobian's Frobenius norm; 0 is a deaf softmax.

    Args:
        scores: `(N, S)`.
    """
    jacobian = softmax_jacobian(scores.softmax(-1))  # (N, S, S)
    return float(torch.linalg.matrix_norm(jacobian).median())


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows = []
    print("        variance of a score     size of the Jacobian")
    print("    d   left alone  divided    left alone  divided")
    for d in (16, 64, 256, 1024):
        scores = random_scores(d, samples=300, keys=64)
        rows.append(
            {
                "d": d,
                "variance": round(float(scores.var()), 1),
                "variance_scaled": round(float((scores / d**0.5).var()), 2),
                "raw": float(f"{responsiveness(scores):.2g}"),
                "scaled": float(f"{responsiveness(scores / d**0.5):.2g}"),
            }
        )
        line = "{d:5}   {variance:10.1f}  {variance_scaled:7.2f}    {raw:>10g}  {scaled:7g}"
        print(line.format(**rows[-1]))
    first, last = rows[0], rows[-1]
    drop = round(first["raw"] / last["raw"], -2)
    print(f"left alone, softmax at d={last['d']} answers {drop:,.0f} times less than at 16")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    sizes = [row["d"] for row in rows]
    for name, key in (("divided by √d", "scaled"), ("left alone", "raw")):
        ax.plot(sizes, [row[key] for row in rows], marker="o")
        name_line(ax, name, sizes[-1], rows[-1][key])
    ax.set(xscale="log", yscale="log", xlim=(12, 5000), xticks=sizes, xticklabels=sizes)
    ax.minorticks_off()
    ax.set(title="How much a softmax can still learn", xlabel="numbers per query, d")
    ax.set(ylabel="norm of softmax's Jacobian")
    plt.show()
