"""One real model in formats that need no calibration: what a weight costs, what is forgotten.

Sources: those of each format in its own module; the verdicts are our own measurement
"""

from torch import Tensor

from snippets.compression.integer import dequantize_integer, quantize_absmax
from snippets.compression.microscaling import (
    dequantize_mxfp4,
    dequantize_nvfp4,
    quantize_mxfp4,
    quantize_nvfp4,
)
from snippets.compression.nf4 import dequantize_nf4, quantize_nf4
from snippets.compression.squeezed import Rounding, grouped_bits, kept_verdicts, tell_verdicts

MAKES = True
FORMAT_BITS = {  # bits of a label, neighbours that share a scale, bits of a scale
    "float32": (32, 1536, 0),
    "int8 rows": (8, 1536, 16),
    "NF4": (4, 64, 32),
    "MXFP4": (4, 32, 8),
    "NVFP4": (4, 16, 8),
}


def int8_rows(weight: Tensor) -> Tensor:
    """Round to 8-bit integers with a scale for each row, and come back."""
    return dequantize_integer(*quantize_absmax(weight, 8, axis=0))


def format_ways() -> dict[str, Rounding]:
    """Give every format as a way of rounding: there and back."""
    trips = (
        lambda weight: weight,
        int8_rows,
        lambda weight: dequantize_nf4(*quantize_nf4(weight)),
        lambda weight: dequantize_mxfp4(*quantize_mxfp4(weight)),
        lambda weight: dequantize_nvfp4(*quantize_nvfp4(weight)),
    )
    named = zip(FORMAT_BITS, trips, strict=True)
    return {name: lambda weight, _, __, trip=trip: trip(weight) for name, trip in named}


def format_verdicts() -> dict[str, Tensor]:
    """Judge every format (once; then it is kept), as `squeezed.judge_ways` does."""
    return kept_verdicts("formats", format_ways)


if __name__ == "__main__":
    bits = {name: grouped_bits(*recipe) for name, recipe in FORMAT_BITS.items()}
    rows = tell_verdicts(format_verdicts(), bits)
    by_way = {row["way"]: row for row in rows}
