"""AWQ on a whole model: three recipes, judged on text that none of them has seen.

Source: Lin et al. (2023), https://arxiv.org/abs/2306.00978
"""

from torch import Tensor

from snippets.compression.awq import awq
from snippets.compression.grid import round_to_nearest
from snippets.compression.squeezed import Rounding, grouped_bits, kept_verdicts, tell_verdicts

MAKES = True
AWQ_RECIPES = {  # bits, size of a group
    "AWQ 4-bit g128": (4, 128),
    "AWQ 4-bit g64": (4, 64),
    "AWQ 3-bit g64": (3, 64),
}
FOUR_BITS = {"nearest 4-bit g128": (4, 128), "nearest 4-bit g64": (4, 64)}


def awq_ways() -> dict[str, Rounding]:
    """Give every recipe as a way of rounding; an eighth of the text decides about the scaling."""

    def way(bits: int, group: int) -> Rounding:
        return lambda weight, inputs, _: awq(weight, inputs[::8], bits, group, tries=10)

    def nearest(bits: int, group: int) -> Rounding:
        return lambda weight, _, __: round_to_nearest(weight, bits, group)

    ways = {name: nearest(*recipe) for name, recipe in FOUR_BITS.items()}
    return ways | {name: way(*recipe) for name, recipe in AWQ_RECIPES.items()}


def awq_verdicts() -> dict[str, Tensor]:
    """Judge every recipe (once; then it is kept), as `squeezed.judge_ways` does."""
    return kept_verdicts("awq", awq_ways)


if __name__ == "__main__":
    recipes = FOUR_BITS | AWQ_RECIPES
    bits = {n: grouped_bits(b, g, 16 + b) for n, (b, g) in recipes.items()}
    rows = tell_verdicts(awq_verdicts(), bits)
    by_way = {row["way"]: row for row in rows}
    nearest, ours = (by_way[f"{how} 4-bit g64"]["lost"] for how in ("nearest", "AWQ"))
    better, layers = sum(a <= b for a, b in zip(ours, nearest, strict=True)), len(ours)
    print(f"on its own calibration text, AWQ loses no more than nearest in {better} of {layers}")
