"""What Carol Chen (kipply) measured with a 13B model on 40 GB A100s, to hold floors against.

Times per token stand in `facts_capacity`. A prompt of 512 tokens, batch 1, 16 bits, program:
NVIDIA FasterTransformer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TimedPrompt:
    """A time that somebody measured for reading a prompt, and what had been expected."""

    cards: int
    tokens: int
    expected_ms: float  # as printed
    measured_ms: float
    bandwidth_share: float  # of the data sheet, that the profile of decoding showed
    source: str
    noted: str


@dataclass(frozen=True)
class TimedProduct:
    """A time that somebody measured for one product: (tokens, inside) @ (inside, outside)."""

    name: str
    tokens: int
    inside: int
    outside: int
    measured_us: float
    source: str
    noted: str


_SECTION = (
    'https://kipp.ly/transformer-inference-arithmetic/, "comparing against real benchmarks"; '
    "read in github.com/kipply/blog"
)
_READ_ON = "2026-11-28"

TIMED_PROMPTS = (
    TimedPrompt(1, 512, 48, 63.17, 0.90, _SECTION, _READ_ON),
    TimedPrompt(2, 512, 30, 45.45, 0.87, _SECTION, _READ_ON),
)
TIMED_PRODUCTS = (
    TimedProduct("feed-forward", 512, 5120, 4 * 5120, 476, _SECTION, _READ_ON),
    TimedProduct("attention's out", 512, 5120, 5120, 159, _SECTION, _READ_ON),
)

if __name__ == "__main__":
    for timed in TIMED_PROMPTS:
        print(f"{timed.tokens} tokens on {timed.cards}: {timed.measured_ms} ms  {timed.source}")
    for product in TIMED_PRODUCTS:
        print(f"{product.name}: {product.measured_us} microseconds")
