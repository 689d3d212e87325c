import torch

from sitebuild.book import Book
from snippets.compression.awq import awq
from snippets.compression.awq_model import AWQ_RECIPES, FOUR_BITS, awq_ways
from snippets.compression.grid import round_to_nearest


def told(part="awq_model"):
    rows = Book().result(f"compression.{part}")["values"]["rows"]
    return {row["way"]: row for row in rows}


def test_each_recipe_is_what_its_name_says():
    weight, inputs = torch.randn(4, 64), torch.randn(96, 64)
    ways = awq_ways()
    for name, (bits, group) in AWQ_RECIPES.items():
        assert f"{bits}-bit g{group}" in name
        rounded = ways[name](weight, inputs, inputs.T @ inputs)
        assert torch.equal(rounded, awq(weight, inputs[::8], bits, group, tries=10))
    for name, (bits, group) in FOUR_BITS.items():
        assert f"{bits}-bit g{group}" in name
        rounded = ways[name](weight, inputs, inputs.T @ inputs)
        assert torch.equal(rounded, round_to_nearest(weight, bits, group))


def test_page_says_awq_is_never_worse_on_its_text_and_better_on_new_text():
    rows, few_bits = told(), told("gptq_model")
    four, three = ("4-bit g64", "3-bit g64")
    nearest, ours = rows[f"nearest {four}"], rows[f"AWQ {four}"]
    assert len(ours["lost"]) == 210
    assert all(a <= b for a, b in zip(ours["lost"], nearest["lost"], strict=True))
    assert sum(ours["lost"]) < 0.9 * sum(nearest["lost"])
    for measure in ("perplexity", "play", "manual", "divergence"):
        assert rows[f"AWQ {three}"][measure] < few_bits[f"nearest {three}"][measure]
    assert ours["divergence"] < 0.8 * nearest["divergence"]


def test_page_says_at_four_bits_both_are_nearer_and_small_groups_are_nearer():
    rows = told() | told("gptq_model")
    for group in (64, 128):
        nearest, *clever = (
            rows[f"{how} 4-bit g{group}"]["divergence"] for how in ("nearest", "GPTQ", "AWQ")
        )
        assert all(divergence < nearest for divergence in clever)
    for how in ("nearest", "GPTQ", "AWQ"):
        small, large = (rows[f"{how} 4-bit g{g}"]["divergence"] for g in (64, 128))
        assert small < large
    gain_at_four, gain_at_three = (
        rows[f"nearest {bits}-bit g64"]["perplexity"] - rows[f"AWQ {bits}-bit g64"]["perplexity"]
        for bits in (4, 3)
    )
    assert gain_at_three > gain_at_four
