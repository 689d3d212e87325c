"""GPTQ on a whole model: four recipes, judged on text that none of them has seen.

Source: Frantar et al. (2022), https://arxiv.org/abs/2210.17323
"""

from torch import Tensor

from snippets.compression.gptq import gptq_round
from snippets.compression.grid import round_to_nearest
from snippets.compression.squeezed import Rounding, grouped_bits, kept_verdicts, tell_verdicts

MAKES = True
GPTQ_RECIPES = {  # bits, size of a group, loudest columns first?
    "GPTQ 4-bit g128": (4, 128, False),
    "GPTQ 4-bit g64": (4, 64, False),
    "GPTQ 3-bit g64": (3, 64, False),
    "GPTQ 3-bit g64 act-order": (3, 64, True),
    "GPTQ 2-bit g64 act-order": (2, 64, True),
}
FEW_BITS = {"nearest 3-bit g64": (3, 64), "nearest 2-bit g64": (2, 64)}


def gptq_ways() -> dict[str, Rounding]:
    """Give every recipe as a way of rounding."""

    def way(bits: int, group: int, act_order: bool) -> Rounding:
        return lambda weight, _, hessian: gptq_round(weight, hessian, bits, group, act_order)

    def nearest(bits: int, group: int) -> Rounding:
        return lambda weight, _, __: round_to_nearest(weight, bits, group)

    ways = {name: nearest(*recipe) for name, recipe in FEW_BITS.items()}
    return ways | {name: way(*recipe) for name, recipe in GPTQ_RECIPES.items()}


def gptq_verdicts() -> dict[str, Tensor]:
    """Judge every recipe (once; then it is kept), as `squeezed.judge_ways` does."""
    return kept_verdicts("gptq", gptq_ways)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    recipes = FEW_BITS | GPTQ_RECIPES
    bits = {n: grouped_bits(b, g, 16 + b) for n, (b, g, *_) in recipes.items()}
    rows = tell_verdicts(gptq_verdicts(), bits)
    by_way = {row["way"]: row for row in rows}
    nearest = by_way["nearest 3-bit g64"]["lost"]
    rounded = by_way["GPTQ 3-bit g64"]["lost"]
    layers = len(rounded)
    better = sum(a < b for a, b in zip(rounded, nearest, strict=True))
    print(
        f"on its own calibration text, GPTQ loses less than nearest in {better} of {layers} layers"
    )

    _, ax = plt.subplots(figsize=(5.2, 4.2))
    ax.plot([1e-3, 0.2], [1e-3, 0.2], "C1--")
    ax.plot(nearest, rounded, "C0.")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set(title="210 layers at 3 bits", xlabel="share of the output lost by rounding to nearest")
    ax.set_ylabel("share lost by GPTQ")
    plt.show()
