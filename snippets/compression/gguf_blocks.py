"""The blocks of GGUF files: weights packed to the last bit, and unpacked.

Source: block_q4_0 to block_q8_0 in ggml-common.h and quantize_row_q4_0_ref and its sisters in
ggml-quants.c, https://github.com/ggml-org/ggml
"""

import numpy as np

from snippets.compression.k_quants import K_LAYOUTS, read_q4_k, read_q6_k

# How a block of 32 weights lies in a file. Weights i and i + 16 share a byte of codes; the fifth
# bits, if there are any, stand together.
_SCALE, _LOW = ("scale", "<f2"), ("low", "<f2")
_FIFTH, _CODES = ("fifth", "u1", 4), ("codes", "u1", 16)
BLOCK_LAYOUTS = {
    "Q4_0": np.dtype([_SCALE, _CODES]),
    "Q4_1": np.dtype([_SCALE, _LOW, _CODES]),
    "Q5_0": np.dtype([_SCALE, _FIFTH, _CODES]),
    "Q5_1": np.dtype([_SCALE, _LOW, _FIFTH, _CODES]),
    "Q8_0": np.dtype([_SCALE, ("codes", "i1", 32)]),
}
_AT_ONCE = 48_000  # weights to work on at a time: they stay in the processor's cache
_ALMOST_HALF = np.float32(0.49999997)  # adding a full half would lift 0.49999997 to 1


def quantize(x: np.ndarray, kind: str) -> np.ndarray:
    """Pack numbers into blocks of 32 that share a scale (and with Q4_1 and Q5_1 a minimum).

    Args:
        x: `(..., N)`, float32, finite; N must be a multiple of 32.
        kind: "Q4_0", "Q4_1", "Q5_0", "Q5_1" or "Q8_0".

    Returns:
        `(..., bytes)`, uint8: as the blocks lie in a file, row after row.

    Raises:
        ValueError: If kind, type or shape is another, x is not finite, or a scale or minimum
            would become infinite in the 16-bit float that keeps it (from 65,520 on).
    """
    if kind not in BLOCK_LAYOUTS:
        raise ValueError(f"can pack {', '.join(BLOCK_LAYOUTS)}, got {kind!r}")
    if x.dtype != np.float32 or x.ndim < 1 or x.shape[-1] % 32:
        raise ValueError(f"wanted float32, rows of n * 32 numbers, got {x.dtype} {x.shape}")
    blocks = np.ascontiguousarray(x).reshape(-1, 32)
    packed = np.empty(len(blocks), BLOCK_LAYOUTS[kind])
    for start in range(0, len(blocks), _AT_ONCE // 32):
        part = slice(start, start + _AT_ONCE // 32)
        _pack(blocks[part], packed[part], kind)
    width = x.shape[-1] // 32 * packed.itemsize
    return packed.view(np.uint8).reshape(*x.shape[:-1], width)


def _pack(blocks: np.ndarray, packed: np.ndarray, kind: str) -> None:
    numbers = blocks.T.copy()  # (32, n): numpy is quick along long rows
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        scale, low = _ruler(numbers, blocks, kind)  # (n) each
        packed["scale"] = scale
        if kind.endswith("_1"):
            packed["low"] = low
        inverse = np.where(scale == 0, 0, 1 / scale)
    if not _is_finite(packed):
        worst = np.abs(blocks).max()  # NaN, if there is one
        raise ValueError(f"wanted finite numbers with a scale below 65,520, got {worst:.4g}")
    lost = np.isinf(inverse)  # scales below 2**-128, which 16 bits round to zero anyway
    inverse[lost] = 0
    if kind.endswith("_1"):
        numbers -= low
    numbers *= inverse
    if kind == "Q8_0":
        numbers += np.copysign(_ALMOST_HALF, numbers)
        packed["codes"] = numbers.astype(np.int8).T  # cuts what stands behind the point
        return
    labels = 2 ** int(kind[1])
    numbers += np.float32(0.5 if kind.endswith("_1") else labels / 2 + 0.5)
    codes = np.minimum(numbers.astype(np.uint8), labels - 1)  # (32, n)
    codes[:, lost] = 0
    packed["codes"] = (codes[:16] & 15 | codes[16:] << 4).T
    if kind.startswith("Q5"):
        upper = np.ascontiguousarray(codes.T) >> 4  # (n, 32)
        packed["fifth"] = np.packbits(upper, axis=1, bitorder="little")


def _ruler(numbers: np.ndarray, blocks: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Choose the scale of every block, and find its lowest number: `(n,)` twice."""
    labels = 2 ** int(kind[1])
    high, low = numbers.max(0), numbers.min(0)  # (n) each
    if kind == "Q8_0":
        return np.maximum(np.abs(high), np.abs(low)) / 127, low
    if kind.endswith("_1"):
        tied = np.flatnonzero(low == 0)  # 0 and -0: let the block itself decide
        low[tied], high[tied] = blocks[tied].min(1), blocks[tied].max(1)
        return (high - low) / (labels - 1), low
    farthest = np.where(high > -low, high, low)  # it becomes the code 0, on whichever side it is
    tied = np.flatnonzero(high == -low)  # the first of those that are equally far counts
    farthest[tied] = blocks[tied, np.abs(blocks[tied]).argmax(1)]
    return farthest / (-labels // 2), low


def _is_finite(packed: np.ndarray) -> bool:
    """Look at scales and minima: one bad number in a block spoils at least one of them."""
    kept = [packed[name] for name in ("scale", "low") if name in (packed.dtype.names or ())]
    return all(np.isfinite(numbers).all() for numbers in kept)


def dequantize(blocks: np.ndarray, kind: str) -> np.ndarray:
    """Turn packed blocks back into numbers; what rounding took stays lost.

    Args:
        blocks: `(..., bytes)`, uint8: whole blocks in every row.
        kind: What `quantize` packs, or "Q4_K" or "Q6_K".

    Returns:
        `(..., N)`, float32.

    Raises:
        ValueError: If kind, type or shape is another, or a scale in a block is not finite.
    """
    layout = (BLOCK_LAYOUTS | K_LAYOUTS).get(kind)
    if layout is None:
        raise ValueError(f"can read {', '.join(BLOCK_LAYOUTS | K_LAYOUTS)}, got {kind!r}")
    size, weights = layout.itemsize, 256 if kind in K_LAYOUTS else 32
    if blocks.dtype != np.uint8 or blocks.ndim < 1 or blocks.shape[-1] % size:
        raise ValueError(f"wanted uint8, rows of n * {size}, got {blocks.dtype} {blocks.shape}")
    packed = np.ascontiguousarray(blocks).reshape(-1).view(layout)
    if not _is_finite(packed):
        raise ValueError(f"wanted finite scales in {kind} blocks, got NaN or infinity")
    numbers = np.empty((len(packed), weights), np.float32)
    read = {"Q4_K": read_q4_k, "Q6_K": read_q6_k, "Q8_0": _read_bytes}.get(kind, _read_nibbles)
    for start in range(0, len(packed), _AT_ONCE // weights):
        part = slice(start, start + _AT_ONCE // weights)
        read(packed[part], numbers[part])
    return numbers.reshape(*blocks.shape[:-1], blocks.shape[-1] // size * weights)


def _read_bytes(packed: np.ndarray, out: np.ndarray) -> None:
    np.multiply(packed["codes"], packed["scale"].astype(np.float32)[:, None], out=out)


def _read_nibbles(packed: np.ndarray, out: np.ndarray) -> None:
    codes = packed["codes"]  # (n, 16): the first half of a block in the low bits, the second above
    out[:, :16], out[:, 16:] = codes & 15, codes >> 4
    labels = 16
    if "fifth" in packed.dtype.names:
        labels = 32
        out += np.unpackbits(packed["fifth"], axis=1, bitorder="little") << 4
    if "low" not in packed.dtype.names:
        out -= labels // 2
    out *= packed["scale"].astype(np.float32)[:, None]
    if "low" in packed.dtype.names:
        out += packed["low"].astype(np.float32)[:, None]


if __name__ == "__main__":
    growth = np.exp(np.linspace(-2, 1, 32, dtype=np.float32))  # 0.14 to 2.7, none below zero
    rows = []
    for kind in BLOCK_LAYOUTS:
        packed = quantize(growth, kind)
        worst = round(float(np.abs(dequantize(packed, kind) - growth).max()), 3)
        rows.append({"kind": kind, "bytes": len(packed), "bits": len(packed) / 4, "worst": worst})
        print(f"{kind}: {len(packed)} bytes, {len(packed) / 4} bits a weight, off by {worst:.3f}")
