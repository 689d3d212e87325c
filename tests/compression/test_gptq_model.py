import torch

from sitebuild.book import Book
from snippets.compression.gptq import gptq
from snippets.compression.gptq_model import FEW_BITS, GPTQ_RECIPES, gptq_ways
from snippets.compression.grid import round_to_nearest


def told():
    return Book().result("compression.gptq_model")["values"]["by_way"]


def test_each_recipe_is_what_its_name_says():
    weight, inputs = torch.randn(4, 64), torch.randn(100, 64)
    ways = gptq_ways()
    for name, (bits, group, act_order) in GPTQ_RECIPES.items():
        assert f"{bits}-bit g{group}" in name
        assert act_order == name.endswith("act-order")
        rounded = ways[name](weight, inputs, inputs.T @ inputs)
        assert torch.equal(rounded, gptq(weight, inputs, bits, group, act_order))
    for name, (bits, group) in FEW_BITS.items():
        assert f"{bits}-bit g{group}" in name
        rounded = ways[name](weight, inputs, inputs.T @ inputs)
        assert torch.equal(rounded, round_to_nearest(weight, bits, group))


def test_page_says_gptq_beats_nearest_on_every_layer_and_on_new_text():
    rows = told()
    nearest, ours = (rows[f"{how} 3-bit g64"] for how in ("nearest", "GPTQ"))
    assert len(nearest["lost"]) == 210
    assert all(a < b for a, b in zip(ours["lost"], nearest["lost"], strict=True))
    for measure in ("perplexity", "play", "manual", "divergence"):
        assert ours[measure] < nearest[measure]
    gain = sum(ours["lost"]) / sum(nearest["lost"])
    assert gain < 0.5 < ours["divergence"] / nearest["divergence"]  # less on new text


def test_page_says_loudest_first_helps_at_three_bits():
    rows = told()
    plain, loudest = (rows[f"GPTQ 3-bit g64{end}"] for end in ("", " act-order"))
    for measure in ("perplexity", "play", "manual", "divergence"):
        assert loudest[measure] < plain[measure]


def test_page_says_two_bits_are_the_end_and_four_are_not():
    rows = told()
    two = [row for name, row in rows.items() if "2-bit" in name]
    assert len(two) == 2
    assert all(row["perplexity"] > 49_152 for row in two)  # worse than a blind guess
    four, three = (rows[f"GPTQ {bits}-bit g64"]["perplexity"] for bits in (4, 3))
    original = Book().result("compression.weight_formats")["values"]["by_way"]["float32"]
    assert original["perplexity"] * 1.05 < four < original["perplexity"] * 1.3 < three
