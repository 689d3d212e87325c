import pytest
import torch

from sitebuild.book import Book
from snippets.compression.microscaling import pack_halves, quantize_mxfp4, quantize_nvfp4
from snippets.compression.squeezed import grouped_bits
from snippets.compression.weight_formats import FORMAT_BITS, format_ways


def told():
    return Book().result("compression.weight_formats")["values"]["by_way"]


def test_every_way_comes_back_near_and_on_few_labels():
    weight = torch.randn(8, 1536, generator=torch.Generator().manual_seed(0))
    errors = {}
    for name, way in format_ways().items():
        back = way(weight, None, None)
        errors[name] = float((back - weight).norm() / weight.norm())
        bits, group, _ = FORMAT_BITS[name]
        assert all(len(part.unique()) <= 2**bits for part in back[0].split(group))
    assert errors["float32"] == 0
    assert errors["int8 rows"] < 0.01
    assert all(0.05 < errors[name] < 0.15 for name in ("NF4", "MXFP4", "NVFP4"))


def test_bits_agree_with_the_bytes_of_what_is_packed():
    x = torch.randn(64, 1536)
    codes, scales = quantize_mxfp4(x)
    assert (pack_halves(codes, 32).nbytes + scales.nbytes) * 8 / x.numel() == pytest.approx(
        grouped_bits(*FORMAT_BITS["MXFP4"])
    )
    codes, scales, _ = quantize_nvfp4(x)
    assert (pack_halves(codes, 16).nbytes + scales.nbytes) * 8 / x.numel() == pytest.approx(
        grouped_bits(*FORMAT_BITS["NVFP4"])
    )


def test_page_says_nvfp4_is_nearer_than_mxfp4():
    rows = told()
    assert rows["NVFP4"]["bits"] > rows["MXFP4"]["bits"]
    for measure in ("perplexity", "play", "manual", "divergence"):
        assert rows["NVFP4"][measure] < rows["MXFP4"][measure]


def test_page_says_eight_bits_lose_almost_nothing():
    rows = told()
    original, int8 = rows["float32"], rows["int8 rows"]
    assert original["divergence"] == 0
    assert int8["divergence"] < 0.01
    assert int8["perplexity"] < 1.02 * original["perplexity"]
    assert int8["same"] >= 97
