"""Integers with a scale in place of floats: absmax (symmetric) and affine (zero-point).

Source: Jacob et al. (2018), section 2.1, equation 1, https://arxiv.org/abs/1712.05877 (affine, and
why zero must be exact); Dettmers et al. (2022), section 2, https://arxiv.org/abs/2208.07339 (both).
"""

import torch
from torch import Tensor


def quantize_absmax(x: Tensor, bits: int = 8, axis: int | None = None) -> tuple[Tensor, Tensor]:
    """Round x to whole steps; the largest magnitude becomes the largest integer.

    Args:
        x: Any shape, finite; float16 and bfloat16 are worked on in float32.
        bits: 2 to 16. The integers run from -(2**(bits-1) - 1) to 2**(bits-1) - 1.
        axis: None for one scale in all, or the axis whose every index gets its own.

    Returns:
        q, shaped as x, int8 (int16 above 8 bits), and scale, which broadcasts against it, so
        that `q * scale` misses x by half a step at most. Both stay on the device of x.

    Raises:
        ValueError: If x is empty or holds NaN or infinity, or bits or axis is out of range.
    """
    x = _checked(x, bits, axis)
    low, high = _extremes(x, axis)
    top = 2 ** (bits - 1) - 1
    scale = _positive(torch.maximum(-low, high) / top)
    q = (x / scale).round().clamp(-top, top)  # (...)
    return q.to(_storage(bits)), scale


def quantize_affine(
    x: Tensor, bits: int = 8, axis: int | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Spread all 2**bits integers over the range of x (and 0), however lopsided it is.

    Args:
        x: Any shape, finite; float16 and bfloat16 are worked on in float32.
        bits: 2 to 16. The integers run from -2**(bits-1) to 2**(bits-1) - 1.
        axis: None for one scale in all, or the axis whose every index gets its own.

    Returns:
        q as in `quantize_absmax`, scale, and zero_point: the integer that means exactly 0, so
        that `(q - zero_point) * scale` misses x by half a step at most. zero_point is int32 with
        as many axes as q: int8 would overflow in `q - zero_point`, 255 being too large for it.

    Raises:
        ValueError: If x is empty or holds NaN or infinity, or bits or axis is out of range.
    """
    scale, zero_point = affine_grid(x, bits, axis)
    bottom, top = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    q = ((x.to(scale.dtype) / scale).round() + zero_point).clamp(bottom, top)  # (...)
    return q.to(_storage(bits)), scale, zero_point


def affine_grid(x: Tensor, bits: int = 8, axis: int | None = None) -> tuple[Tensor, Tensor]:
    """Find the scale and the zero_point that `quantize_affine` uses; arguments and errors as there.

    Returns:
        scale, which broadcasts against x, and zero_point, int32, shaped as scale.
    """
    x = _checked(x, bits, axis)
    low, high = _extremes(x, axis)
    low, high = low.clamp(max=0), high.clamp(min=0)  # the range must contain 0
    bottom, top = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    scale = _positive(high / (top - bottom) - low / (top - bottom))
    zero_point = (bottom - (low / scale).round()).clamp(bottom, top)
    return scale, zero_point.to(torch.int32)


def dequantize_integer(q: Tensor, scale: Tensor, zero_point: Tensor | int = 0) -> Tensor:
    """Turn integers back into floats on the grid; what rounding took stays lost."""
    return (q.to(scale.dtype) - zero_point) * scale


def _checked(x: Tensor, bits: int, axis: int | None) -> Tensor:
    """Refuse what has no sensible answer; return x in float32 (or float64 if it was)."""
    if bits not in range(2, 17):
        raise ValueError(f"bits must be a whole number from 2 to 16, got {bits}")
    if axis is not None and not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis must lie in -{x.ndim}..{x.ndim - 1} or be None, got {axis}")
    if x.numel() == 0 or not x.isfinite().all():
        raise ValueError(f"x must be finite and not empty, got NaN, infinity or {tuple(x.shape)}")
    return x.to(torch.promote_types(x.dtype, torch.float32))


def _extremes(x: Tensor, axis: int | None) -> tuple[Tensor, Tensor]:
    """Find the smallest and largest value in all, or for each index of axis; broadcastable."""
    groups = 1 if axis is None else x.shape[axis]
    shape = [1] * x.ndim
    if axis is not None:
        shape[axis] = groups
        x = x.movedim(axis, 0)
    rows = x.reshape(groups, -1)  # (G, N)
    low, high = rows.aminmax(dim=1)
    return low.reshape(shape), high.reshape(shape)


def _positive(scale: Tensor) -> Tensor:
    """Keep a scale above 0, so that a group of zeros divides to 0 and not to NaN."""
    return scale.clamp(min=torch.finfo(scale.dtype).tiny)


def _storage(bits: int) -> torch.dtype:
    """Name the smallest signed integer type that holds `bits` bits."""
    return torch.int8 if bits <= 8 else torch.int16


if __name__ == "__main__":
    both_signs = torch.tensor([0.4, -2.3, 7.0, 3.6])
    q, step = quantize_absmax(both_signs, bits=4)
    absmax_step, absmax_integers = round(step.item(), 3), q.tolist()
    print(f"absmax: step {absmax_step}, integers", *absmax_integers)

    one_sided = torch.tensor([0.0, 1.2, 7.5, 3.6])
    wasteful_step = round(quantize_absmax(one_sided, bits=4)[1].item(), 3)
    q, step, zero = quantize_affine(one_sided, bits=4)
    affine_step, affine_integers, zero_point = round(step.item(), 3), q.tolist(), zero.item()
    print(f"affine: step {affine_step}, zero point {zero_point}, integers", *affine_integers)
    restored = [round(value, 3) for value in dequantize_integer(q, step, zero).tolist()]
    print("prices again:", *restored, f"(absmax would have used steps of {wasteful_step})")
