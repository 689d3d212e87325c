"""MXFP4 and NVFP4: floats of 4 bits that share a scale with a few neighbours.

Sources: OCP Microscaling Formats (MX) 1.0 (2023), sections 5 and 6; Rouhani et al. (2023),
https://arxiv.org/abs/2310.10537; NVIDIA (2025), https://arxiv.org/abs/2509.25149 (NVFP4)
"""

import torch
from torch import Tensor

# What the 3 lower bits of an E2M1 number mean; the fourth is the sign.
E2M1_SIZES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
E2M1_LARGEST, E4M3_LARGEST = 6.0, 448.0


def round_to_e2m1(x: Tensor) -> Tensor:
    """Take the nearest 4-bit float: of two equally near, the one whose last bit is 0.

    Args:
        x: Any shape; beyond 6 in size, the code is that of 6.

    Returns:
        Codes 0 to 15, uint8, shaped as x.
    """
    sizes = torch.tensor(E2M1_SIZES, dtype=x.dtype, device=x.device)
    middles = (sizes[1:] + sizes[:-1]) / 2  # (7)
    middles[1::2] = middles[1::2].nextafter(sizes.new_zeros(()))  # these middles go up
    codes = torch.bucketize(x.abs(), middles)  # 0 to 7
    return (codes + 8 * x.signbit()).to(torch.uint8)


def read_e2m1(codes: Tensor) -> Tensor:
    """Turn codes 0 to 15 into the numbers that they mean, float32."""
    sizes = torch.tensor(E2M1_SIZES, device=codes.device)
    return torch.cat([sizes, -sizes])[codes.int()]


def quantize_mxfp4(x: Tensor) -> tuple[Tensor, Tensor]:
    """Share a power of two among 32 neighbours, so that the largest lands between 4 and 8.

    Args:
        x: `(..., N)`, finite; N must be a multiple of 32.

    Returns:
        Codes `(..., N)`, uint8, 0 to 15, and scales `(..., N / 32)`, uint8: 127 means 1, one more
        means twice as much. From 6 to 8 a number is cut to 6, as the standard has it.

    Raises:
        ValueError: If the shape does not fit or x is not finite.
    """
    blocks = _blocks(x, 32)  # (..., blocks, 32)
    _, exponent = torch.frexp(blocks.abs().amax(-1))  # largest = fraction * 2**exponent >= 1/2
    scales = (exponent - 3 + 127).clamp(0, 254)  # so 4 <= largest / 2**(exponent - 3) < 8
    scales = torch.where(blocks.abs().amax(-1) > 0, scales, 0).to(torch.uint8)
    scaled = blocks.double() / _power_of_two(scales)[..., None]
    return round_to_e2m1(scaled).reshape(x.shape), scales


def dequantize_mxfp4(codes: Tensor, scales: Tensor) -> Tensor:
    """Turn codes `(..., N)` and scales `(..., N / 32)` back into float32 `(..., N)`."""
    blocks = read_e2m1(codes).unflatten(-1, (-1, 32)) * _power_of_two(scales)[..., None]
    return blocks.reshape(codes.shape).float()


def quantize_nvfp4(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Share a float of 8 bits among 16 neighbours, and one of 32 bits among all.

    Args:
        x: `(..., N)`, finite; N must be a multiple of 16.

    Returns:
        Codes `(..., N)`, uint8, 0 to 15; scales `(..., N / 16)`, the bytes of E4M3 floats; and
        the scale of the whole tensor, a float32 number chosen so that the largest scale is 448.

    Raises:
        ValueError: If the shape does not fit or x is not finite.
    """
    blocks = _blocks(x, 16)  # (..., blocks, 16)
    largest = blocks.abs().amax(-1)  # (..., blocks)
    whole = (largest.max() / E2M1_LARGEST / E4M3_LARGEST).clamp(min=torch.finfo(torch.float32).tiny)
    short = (largest / E2M1_LARGEST / whole).clamp(max=E4M3_LARGEST).to(torch.float8_e4m3fn)
    step = (short.float() * whole)[..., None]
    scaled = torch.where(step > 0, blocks / step, 0.0)  # a block far below all others is lost
    return round_to_e2m1(scaled).reshape(x.shape), short.view(torch.uint8), whole


def dequantize_nvfp4(codes: Tensor, scales: Tensor, whole: Tensor) -> Tensor:
    """Turn codes `(..., N)`, scales `(..., N / 16)` and the scale of all back into float32."""
    step = scales.view(torch.float8_e4m3fn).float() * whole
    return (read_e2m1(codes).unflatten(-1, (-1, 16)) * step[..., None]).reshape(codes.shape)


def pack_halves(codes: Tensor, block: int) -> Tensor:
    """Put two codes into a byte: the first half of each block low, the second half above.

    Args:
        codes: `(..., N)`, uint8, 0 to 15.
        block: How many neighbours belong together: 32 for MXFP4, 16 for NVFP4.

    Returns:
        `(..., N / 2)`, uint8: of each block, block / 2 bytes.
    """
    halves = codes.unflatten(-1, (-1, 2, block // 2))  # (..., blocks, 2, block / 2)
    return (halves[..., 0, :] | halves[..., 1, :] << 4).flatten(-2)


def _blocks(x: Tensor, size: int) -> Tensor:
    """Cut rows into blocks `(..., N / size, size)`, float32."""
    if x.ndim < 1 or x.numel() == 0 or x.shape[-1] % size:
        raise ValueError(f"wanted rows of n * {size} numbers, got {tuple(x.shape)}")
    if not x.isfinite().all():
        raise ValueError("wanted finite numbers, got NaN or infinity")
    return x.float().unflatten(-1, (-1, size))


def _power_of_two(scales: Tensor) -> Tensor:
    """Read scales that are nothing but an exponent (E8M0), float64: 2**-127 is too small for 32."""
    return torch.exp2(scales.double() - 127)


if __name__ == "__main__":
    few = torch.tensor([0.1, -0.7, 1.2, 2.4, 3.3, -5.2, 6.9, 0.0]).repeat(4)
    codes, scales = quantize_mxfp4(few)
    short_floats = dequantize_mxfp4(codes, scales)[:8].tolist()
    print(f"scale 2**{int(scales) - 127}:", *short_floats)
    bell = torch.randn(2**18, generator=torch.Generator().manual_seed(0))
    rows = []
    codes, scales = quantize_mxfp4(bell)
    parts, back = (pack_halves(codes, 32), scales), dequantize_mxfp4(codes, scales)
    rows.append({"format": "MXFP4", "back": back, "bytes": sum(part.nbytes for part in parts)})
    codes, scales, whole = quantize_nvfp4(bell)
    parts, back = (pack_halves(codes, 16), scales, whole), dequantize_nvfp4(codes, scales, whole)
    rows.append({"format": "NVFP4", "back": back, "bytes": sum(part.nbytes for part in parts)})
    for row in rows:
        row["bits"] = round(8 * row["bytes"] / len(bell), 3)
        row["error"] = round(100 * float((row.pop("back") - bell).square().mean().sqrt()), 1)
        print(f"{row['format']}: {row['bits']} bits a weight, typical error {row['error']} %")
