"""Calibration: look at examples, then choose where the ruler of a quantizer should end.

Sources: Wu et al. (2020), https://arxiv.org/abs/2004.09602 (largest value, percentile, entropy);
Migacz (2017), https://www.cse.iitd.ac.in/~rijurekha/course/tensorrt.pdf (entropy, step by step)
"""

import torch
from torch import Tensor

LIMITS_TRIED = 200  # limits that the squared-error rule compares
BINS = 2048  # of the histogram that the entropy rule looks at


def round_within(x: Tensor, limit: Tensor | float, bits: int = 8) -> Tensor:
    """Round x to labels at equal distances from -limit to limit; what lies outside is clipped.

    Args:
        x: Any shape.
        limit: Where the last label stands, above 0; broadcasts against x.
        bits: There are 2**bits - 1 labels, one of them 0.
    """
    top = 2 ** (bits - 1) - 1
    step = torch.as_tensor(limit, dtype=x.dtype, device=x.device) / top
    return (x / step).round().clamp(-top, top) * step  # (...)


def largest_limit(x: Tensor) -> float:
    """Clip nothing: the ruler ends at the largest magnitude (also called min-max)."""
    return _checked(x).max().item()


def percentile_limit(x: Tensor, percent: float) -> float:
    """Clip the largest magnitudes, so that `percent` of all values stay inside.

    Raises:
        ValueError: If percent is not above 0 and at most 100, or x as in `largest_limit`.
    """
    if not 0 < percent <= 100:
        raise ValueError(f"percent must lie above 0 and be at most 100, got {percent}")
    sizes = _checked(x)  # (N)
    inside = max(round(percent / 100 * len(sizes)), 1)
    return sizes.kthvalue(inside).values.item()


def squared_error_limit(x: Tensor, bits: int = 8) -> float:
    """Try many limits and keep the one after which x itself is least wrong, squared."""
    largest = largest_limit(x)
    limits = [largest * part / LIMITS_TRIED for part in range(1, LIMITS_TRIED + 1)]
    return min(limits, key=lambda limit: (round_within(x, limit, bits) - x).square().sum().item())


def entropy_limit(x: Tensor, bits: int = 8) -> float:
    """Keep the limit after which a histogram of magnitudes tells most of what it told before.

    Args:
        x: Any shape; not all zeros, finite.
        bits: 2 to 10.

    Raises:
        ValueError: If bits or x are out of range.
    """
    if bits not in range(2, 11):
        raise ValueError(f"bits must be a whole number from 2 to 10, got {bits}")
    sizes = _checked(x)
    counts = torch.histc(sizes.float(), BINS, 0, sizes.max().item()).double()  # (BINS)
    kept = range(2 ** (bits - 1), BINS + 1)
    best = min(kept, key=lambda bins: lost_information(counts, bins, 2 ** (bits - 1)))
    return sizes.max().item() * best / BINS


def lost_information(counts: Tensor, kept: int, labels: int) -> float:
    """Clip a histogram behind `kept` bins, merge them into labels: KL divergence in nats.

    Args:
        counts: `(BINS,)`, how many values fell into each bin.
        kept: How many bins lie inside the limit; what is outside counts as the last of them.
        labels: How many groups of neighbouring bins become one; at most kept.

    Returns:
        How much of the clipped histogram the merged one does not tell; infinite if something
        that occurs would be called impossible.
    """
    inside = counts[:kept]  # (K)
    clipped = inside.clone()
    clipped[-1] += counts[kept:].sum()
    group = torch.arange(kept, device=counts.device) * labels // kept  # (K), of each bin
    used = (inside > 0).double()  # (K): a group is spread over those bins that hold something
    totals, shares = (counts.new_zeros(labels).index_add(0, group, y) for y in (inside, used))
    merged = (totals / shares.clamp(min=1))[group] * used  # (K)
    p, q = clipped / clipped.sum(), merged / merged.sum().clamp(min=1)
    some = p > 0
    return (p[some] * (p[some] / q[some]).log()).sum().item()


def _checked(x: Tensor) -> Tensor:
    """Give the magnitudes of x as a list, or refuse it."""
    if x.numel() == 0 or not x.isfinite().all() or not x.any():
        raise ValueError(
            f"x must be finite and not all 0, got {tuple(x.shape)} without such values"
        )
    return x.abs().flatten()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    GIANT, BITS = 24.0, 4
    values = torch.randn(20_000, generator=torch.Generator().manual_seed(0))
    values[0] = GIANT
    limits = {
        "largest": largest_limit(values),
        "99.9 %": percentile_limit(values, 99.9),
        "squared error": squared_error_limit(values, BITS),
        "entropy": entropy_limit(values, BITS),
    }
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    ax.hist(values.numpy(), bins=120, color="#9aa5b1")
    ax.set_yscale("log")
    rows = []
    for place, (rule, limit) in enumerate(limits.items()):
        wrong = (round_within(values, limit, BITS) - values).abs()
        row = {"rule": rule, "limit": round(limit, 1), "giant": round(wrong[0].item(), 1)}
        rows.append(row | {"others": round(wrong[1:].square().mean().sqrt().item(), 2)})
        print("{rule:14} ends at {limit:4.1f}: giant off by {giant:4.1f}, others by {others:.2f}"
              .format(**rows[-1]))  # fmt: skip
        ax.axvline(limit, color=f"C{place}", label=rule)
    ax.legend(title="where the ruler ends")
    ax.set(title="One giant, four rulers", xlabel="value", ylabel="how many")
    plt.show()
