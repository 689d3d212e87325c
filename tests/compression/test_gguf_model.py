import numpy as np
import torch
from gguf.constants import GGMLQuantizationType
from gguf.quants import dequantize, quantize

from sitebuild.book import Book
from snippets.compression.gguf_model import gguf_ways


def test_every_way_agrees_with_the_gguf_package():
    weight = torch.randn(4, 64)
    for kind, way in gguf_ways().items():
        number = GGMLQuantizationType[kind]
        oracle = dequantize(quantize(weight.numpy(), number), number)
        assert np.array_equal(way(weight, None, None).numpy(), oracle)


def test_page_says_its_own_format_costs_nothing():
    rows = {row["way"]: row for row in Book().result("compression.gguf_model")["values"]["rows"]}
    original = Book().result("compression.weight_formats")["values"]["by_way"]["float32"]
    own = rows["Q4_1"]
    assert own["divergence"] == 0
    assert own["lost"] == [0] * 210
    assert own["perplexity"] == original["perplexity"]
    assert rows["Q4_0"]["divergence"] > 0.1
    assert 0 < sum(rows["Q8_0"]["lost"]) < sum(rows["Q4_0"]["lost"])
