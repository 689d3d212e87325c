"""The energy of one matrix times one vector: arithmetic on one line, moving weights on the next.

Source: the figures of Horowitz (2014) and Han et al. (2016), see `facts_energy`.
"""

from snippets.compression.facts_energy import (
    DRAM_READ_32_BITS,
    FP32_ADD,
    FP32_MULTIPLY,
    INT8_MULTIPLY,
    INT32_ADD,
)


def matvec_energy(weights: int, bits: int) -> dict[str, float]:
    """Add up the microjoules to read every weight once and multiply-add it once.

    A DRAM read is charged by the bit, so 8-bit weights come four to the read. Scales, activations
    and caches are left out: they are few beside the weights, or alike on both sides.

    Args:
        weights: How many weights the matrix has.
        bits: 32 (float arithmetic) or 8 (integer products summed in 32 bits).

    Raises:
        ValueError: If bits is neither 32 nor 8: for others there is no figure here.
    """
    if bits not in (8, 32):
        raise ValueError(f"bits must be 8 or 32, got {bits}")
    arithmetic = FP32_MULTIPLY.picojoules + FP32_ADD.picojoules
    if bits == 8:
        arithmetic = INT8_MULTIPLY.picojoules + INT32_ADD.picojoules
    reading = DRAM_READ_32_BITS.picojoules * bits / 32
    return {
        "bits": bits,
        "reading": weights * reading / 1e6,
        "arithmetic": weights * arithmetic / 1e6,
        "total": weights * (reading + arithmetic) / 1e6,
    }


if __name__ == "__main__":
    WEIGHTS = 4096 * 4096
    rows = [matvec_energy(WEIGHTS, bits) for bits in (32, 8)]
    wide, narrow = rows
    for row in rows:
        print(f"{row['bits']:2} bits: reading {row['reading']:9,.1f} µJ,", end="")
        print(f" arithmetic {row['arithmetic']:5.1f} µJ")
    arithmetic_ratio = wide["arithmetic"] / narrow["arithmetic"]
    total_ratio = wide["total"] / narrow["total"]
    arithmetic_percent = 100 * wide["arithmetic"] / wide["total"]
    print(f"arithmetic alone is {arithmetic_ratio:.1f}x cheaper, the whole {total_ratio:.2f}x")
