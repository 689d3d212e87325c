"""Number formats taken apart: which bits are the sign, the exponent, the mantissa, what they mean.

Sources: IEEE 754-2019, section 3.4 (float32, float16); Micikevicius et al. (2022), section 3,
https://arxiv.org/abs/2209.05433 (FP8); OCP Microscaling Formats 1.0 (2023), section 5.3 (E2M1)
"""

import math
from dataclasses import dataclass

from snippets.compression.nf4 import nf4_levels

IEEE, ONE_NAN, NUMBERS_ONLY = "infinities and NaN", "one NaN", "numbers only"


@dataclass(frozen=True)
class FloatFormat:
    """How many bits stand for what, from left to right after the sign; and what the last mean."""

    name: str
    exponent_bits: int
    mantissa_bits: int
    top: str = IEEE  # what the patterns with the largest exponent are

    @property
    def bits(self) -> int:
        """Count the sign too."""
        return 1 + self.exponent_bits + self.mantissa_bits


FLOAT_FORMATS = (
    FloatFormat("float32", 8, 23),
    FloatFormat("float16", 5, 10),
    FloatFormat("bfloat16", 8, 7),
    FloatFormat("E5M2", 5, 2),
    FloatFormat("E4M3", 4, 3, ONE_NAN),
    FloatFormat("E2M1", 2, 1, NUMBERS_ONLY),
)


def decode_float(pattern: int, layout: FloatFormat) -> float:
    """Say which number some bits mean, straight from the definition.

    Args:
        pattern: The bits, read as a whole number from 0 to 2**bits - 1.
        layout: Their format.

    Raises:
        ValueError: If there are more bits than the format has.
    """
    if not 0 <= pattern < 2**layout.bits:
        raise ValueError(f"{layout.name} has {layout.bits} bits, got the pattern {pattern}")
    mantissa = pattern % 2**layout.mantissa_bits
    exponent = pattern >> layout.mantissa_bits & 2**layout.exponent_bits - 1
    sign = -1.0 if pattern >> layout.bits - 1 else 1.0
    top_exponent, top_mantissa = 2**layout.exponent_bits - 1, 2**layout.mantissa_bits - 1
    if exponent == top_exponent and layout.top == IEEE:
        return math.nan if mantissa else sign * math.inf
    if exponent == top_exponent and mantissa == top_mantissa and layout.top == ONE_NAN:
        return math.nan
    bias, fraction = top_exponent // 2, mantissa / 2**layout.mantissa_bits
    if exponent == 0:
        return sign * fraction * 2.0 ** (1 - bias)  # subnormal: the steps go on evenly down to 0
    return sign * (1 + fraction) * 2.0 ** (exponent - bias)


def encode_float(x: float, layout: FloatFormat) -> int:
    """Find the bits of the nearest number; of two equally near, the one that ends in 0.

    Raises:
        ValueError: If x is not finite or beyond the largest number.
    """
    if not abs(x) <= largest_number(layout):  # true for NaN as well
        raise ValueError(f"{layout.name} ends at {largest_number(layout):g}, got {x}")
    smallest = 2 - 2 ** (layout.exponent_bits - 1)  # exponent of the smallest normal number
    exponent = max(math.frexp(x)[1] - 1, smallest) if x else smallest
    steps = round(abs(x) / 2.0 ** (exponent - layout.mantissa_bits))
    pattern = (exponent - smallest << layout.mantissa_bits) + steps  # may carry into the exponent
    return pattern + (2 ** (layout.bits - 1) if math.copysign(1, x) < 0 else 0)


def largest_number(layout: FloatFormat) -> float:
    """Decode the last pattern that is a number."""
    last = 2 ** (layout.bits - 1) - 1
    unused = {IEEE: 2**layout.mantissa_bits, ONE_NAN: 1, NUMBERS_ONLY: 0}[layout.top]
    return decode_float(last - unused, layout)


def short_number(x: float) -> str:
    """Write 65,504 or 1.2e-38, whichever is easier to read."""
    return f"{x:,.7g}" if 1e-4 < abs(x) < 1e6 else f"{x:.1e}".replace("e-0", "e-").replace("+", "")


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    NUMBER = -2.3
    drawn, rows = [], []
    for layout in FLOAT_FORMATS:
        digits = f"{encode_float(NUMBER, layout):0{layout.bits}b}"
        nearest = f"{decode_float(int(digits, 2), layout):.9g}"
        drawn.append((layout.name, digits, layout.exponent_bits, nearest))
        largest, smallest = largest_number(layout), decode_float(1, layout)
        numbers = [short_number(x) for x in (largest, smallest, 2.0**-layout.mantissa_bits)]
        rows.append([layout.name, layout.bits, *numbers, nearest])
    for bits in (8, 4):
        top = 2 ** (bits - 1) - 1
        q = round(NUMBER * top / 7)  # the largest of the numbers that share the scale is 7.0
        nearest = f"{q * 7 / top:.6g}"
        drawn.append((f"INT{bits}", f"{q % 2**bits:0{bits}b}", 0, nearest))
        rows.append([f"INT{bits}", bits, top, 1, 1, nearest])
    for name, digits, middle, nearest in drawn:
        parts = digits[0], digits[1 : 1 + middle], digits[1 + middle :]
        print(f"{name:9} {' '.join(filter(None, parts)):>34} = {nearest}")
    puzzle = decode_float(0b0_0111_100, FLOAT_FORMATS[4])
    columns = ("name", "bits", "largest", "smallest", "step", "nearest")
    rows = [dict(zip(columns, row, strict=True)) for row in rows]
    by_name = {row["name"]: row["nearest"] for row in rows}

    _, ax = plt.subplots(figsize=(7.2, 3.4))
    for y, (_, digits, middle, nearest) in enumerate(drawn):
        for x, digit in enumerate(digits):
            colour = "C3" if x == 0 else "C0" if x <= middle else "C2"
            ax.barh(-y, 0.9, left=x, height=0.8, color=colour, alpha=0.45)
            ax.text(x + 0.45, -y, digit, ha="center", va="center", fontsize=8)
        ax.text(len(digits) + 0.5, -y, f"= {nearest}", va="center", fontsize=9)
    ax.set_yticks([-y for y in range(len(drawn))], [name for name, _, _, _ in drawn])
    ax.set(title=f"{NUMBER}: sign (first bit), exponent, mantissa", xlabel="bit", xlim=(-0.5, 43))
    plt.show()

    e2m1 = [decode_float(pattern, FLOAT_FORMATS[-1]) / 6 for pattern in range(16)]
    rulers = {"INT4": [n / 7 for n in range(-7, 8)], "E2M1": e2m1, "NF4": nf4_levels().tolist()}
    _, ax = plt.subplots(figsize=(7.2, 2.2))
    for y, labels in enumerate(rulers.values()):
        ax.plot(labels, [-y] * len(labels), f"C{y}|", markersize=22, markeredgewidth=2)
    ax.set_yticks([0, -1, -2], list(rulers))
    ax.set(title="Three ways to place the labels of 4 bits", xlabel="label (largest = 1)")
    ax.margins(y=0.3)
    plt.show()
