"""NF4: sixteen labels for numbers that look like a bell curve.

Source: Dettmers et al. (2023), section 3 and appendix E, https://arxiv.org/abs/2305.14314
"""

from statistics import NormalDist

import torch
from torch import Tensor

OUTERMOST = 1 - (1 / 32 + 1 / 30) / 2  # the share of the bell that lies below the last label


def nf4_levels() -> Tensor:
    """Cut the bell into slices of equal weight: 8 labels above zero, 7 below, and zero itself.

    Returns:
        `(16,)`, float32, rising from -1 to 1.
    """
    bell = NormalDist()

    def side(count: int) -> list[float]:
        step = (OUTERMOST - 0.5) / count
        return [bell.inv_cdf(0.5 + step * n) for n in range(1, count + 1)]

    levels = [-x for x in reversed(side(7))] + [0.0] + side(8)
    return torch.tensor(levels) / levels[-1]


def quantize_nf4(x: Tensor, block_size: int = 64) -> tuple[Tensor, Tensor]:
    """Scale every block by its largest magnitude and take the nearest of the 16 labels.

    Args:
        x: Any shape, finite; read row by row.
        block_size: How many neighbours share a scale; the last block may be shorter.

    Returns:
        Codes 0 to 15, uint8, shaped as x, and `(blocks,)`, float32: the scale of each block.

    Raises:
        ValueError: If x is empty or not finite, or block_size is below 1.
    """
    if block_size < 1 or x.numel() == 0 or not x.isfinite().all():
        wanted = "finite numbers and a block size of at least 1"
        raise ValueError(f"wanted {wanted}, got {tuple(x.shape)} in blocks of {block_size}")
    rows = _rows(x.float().flatten(), block_size)  # (blocks, block_size)
    absmax = rows.abs().amax(1)  # (blocks)
    levels = nf4_levels().to(x.device)  # (16)
    middles = (levels[1:] + levels[:-1]) / 2  # (15)
    scaled = rows / absmax.clamp(min=torch.finfo(torch.float32).tiny)[:, None]
    codes = torch.bucketize(scaled, middles).to(torch.uint8)  # (blocks, block_size)
    return codes.flatten()[: x.numel()].view(x.shape), absmax


def dequantize_nf4(codes: Tensor, absmax: Tensor, block_size: int = 64) -> Tensor:
    """Turn codes back into numbers, float32, shaped as codes; what rounding took stays lost."""
    rows = _rows(codes.flatten().int(), block_size)  # (blocks, block_size)
    numbers = nf4_levels().to(codes.device)[rows] * absmax[:, None]
    return numbers.flatten()[: codes.numel()].view(codes.shape)


def _rows(x: Tensor, size: int) -> Tensor:
    """Cut a line of numbers into rows; the last one is filled with zeros."""
    return torch.nn.functional.pad(x, (0, -len(x) % size)).view(-1, size)


if __name__ == "__main__":
    levels = [round(level, 2) for level in nf4_levels().tolist()]
    print(levels)
    torch.manual_seed(0)
    bell_numbers = torch.randn(2**20)
    errors = {}
    codes, absmax = quantize_nf4(bell_numbers)
    errors["NF4"] = float((dequantize_nf4(codes, absmax) - bell_numbers).square().mean())
    rows = bell_numbers.view(-1, 64)
    step = rows.abs().amax(1, keepdim=True) / 7  # 15 labels at equal distances
    errors["INT4"] = float(((rows / step).round() * step - rows).square().mean())
    for name, error in errors.items():
        print(f"{name}: mean squared error {error:.4f}")
    used = codes.bincount(minlength=16)
    most, least = int(used.max()), int(used.min())
    print(f"the most used label is used {most / least:.1f} times as often as the least used")
