"""Q4_K and Q6_K, the blocks of 256 in most files that people download: read them back.

Source: block_q4_K and block_q6_K in ggml-common.h, and dequantize_row_q4_K and _q6_K in
ggml-quants.c, https://github.com/ggml-org/ggml
"""

import numpy as np

# How a block of 256 weights lies in a file; names and order are the whole format.
K_LAYOUTS = {
    "Q4_K": np.dtype(
        [("scale", "<f2"), ("low", "<f2"), ("steps", "u1", (3, 4)), ("codes", "u1", (4, 32))]
    ),
    "Q6_K": np.dtype(
        [("codes", "u1", (2, 64)), ("upper", "u1", (2, 32)), ("steps", "i1", 16), ("scale", "<f2")]
    ),
}


def six_bit_steps(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unpack the 8 scales and 8 minima of a Q4_K block: 16 numbers of 6 bits in 12 bytes.

    Args:
        packed: `(n, 3, 4)`, uint8. Four scales stand in the low 6 bits of the first four bytes,
            four minima in those of the next four. The other four of each kind have their low
            halves in the last four bytes; their upper 2 bits sit on top of the first eight.

    Returns:
        Scales and minima, each `(n, 8)`, uint8, 0 to 63.
    """
    scales, lows, halves = packed[:, 0], packed[:, 1], packed[:, 2]  # (n, 4) each
    later_scales = halves & 15 | scales >> 6 << 4
    later_lows = halves >> 4 | lows >> 6 << 4
    return np.hstack([scales & 63, later_scales]), np.hstack([lows & 63, later_lows])


def read_q4_k(packed: np.ndarray, out: np.ndarray) -> None:
    """Fill `out`, `(n, 256)`: eight runs of 32, each with its own scale and minimum.

    Both are 6-bit numbers that count in units of the block's two 16-bit floats.
    """
    scales, lows = six_bit_steps(packed["steps"])  # (n, 8) each
    scales = packed["scale"].astype(np.float32)[:, None] * scales
    lows = packed["low"].astype(np.float32)[:, None] * lows
    runs = out.reshape(-1, 4, 2, 32)
    runs[:, :, 0], runs[:, :, 1] = packed["codes"] & 15, packed["codes"] >> 4
    runs *= scales.reshape(-1, 4, 2, 1)
    runs -= lows.reshape(-1, 4, 2, 1)


def read_q6_k(packed: np.ndarray, out: np.ndarray) -> None:
    """Fill `out`, `(n, 256)`: sixteen runs of 16, each with a signed 8-bit scale.

    A code's low 4 bits stand in one place, its upper 2 in another; 32 means zero.
    """
    scales = packed["scale"].astype(np.float32)[:, None] * packed["steps"]  # (n, 16)
    low, high = packed["codes"].reshape(-1, 2, 2, 32), packed["upper"]
    quarters = out.reshape(-1, 2, 4, 32)
    for quarter in range(4):
        nibbles = low[:, :, quarter % 2] >> 4 * (quarter // 2) & 15  # (n, 2, 32)
        quarters[:, :, quarter] = nibbles | (high >> 2 * quarter & 3) << 4
    out -= 32
    runs = out.reshape(-1, 16, 16)
    runs *= scales[:, :, None]


if __name__ == "__main__":
    block = np.zeros(1, K_LAYOUTS["Q4_K"])
    block["scale"], block["low"] = 0.5, 0.25
    block["steps"][0, 0, 0], block["steps"][0, 1, 0] = 3, 8  # the first run of 32
    block["codes"][0, 0] = np.arange(32) % 16
    numbers = np.empty((1, 256), np.float32)
    read_q4_k(block, numbers)
    first_eight = numbers[0, :8].tolist()
    print("scale 0.5 * 3, minimum 0.25 * 8, codes 0, 1, 2, ...:", first_eight)
    k_rows = []
    for kind, layout in K_LAYOUTS.items():
        k_rows.append({"kind": kind, "bytes": layout.itemsize, "bits": 8 * layout.itemsize / 256})
        print(f"{kind}: 256 weights in {layout.itemsize} bytes, {k_rows[-1]['bits']} bits each")
