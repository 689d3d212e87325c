import pytest
import torch

from sitebuild.book import Book
from snippets.compression.integer import dequantize_integer, quantize_affine
from snippets.inference.quantized_cache import RoundedCache, cache_bits, round_notes


@pytest.mark.parametrize("by_channel", [False, True])
def test_rounding_agrees_with_one_vector_at_a_time(by_channel):
    x = torch.randn(2, 3, 5, 8)
    back = round_notes(x, 4, by_channel)
    for text in range(2):
        for head in range(3):
            rows = x[text, head].T if by_channel else x[text, head]
            ours = back[text, head].T if by_channel else back[text, head]
            for row, our in zip(rows, ours, strict=True):
                assert torch.allclose(our, dequantize_integer(*quantize_affine(row, 4)))


def test_by_channel_spares_the_others_a_loud_one():
    x = torch.randn(1, 1, 64, 16)
    x[..., 3] *= 100
    quiet = [n for n in range(16) if n != 3]
    errors = [(round_notes(x, 4, way) - x)[..., quiet].norm() for way in (False, True)]
    assert errors[1] < errors[0] / 5


def test_a_rounded_cache_gives_what_it_keeps():
    cache = RoundedCache((2, 1, 2, 6, 4), torch.zeros(()), bits=4)
    k, v = torch.randn(1, 2, 3, 4), torch.randn(1, 2, 3, 4)
    keys, values = cache.append(1, k, v)
    assert torch.equal(keys, round_notes(k, 4, False))
    assert torch.equal(values, cache.store[1, 1, :, :, :3])


def test_bits_with_scales_by_hand():
    assert cache_bits(4, 64) == pytest.approx((64 * 4 + 16 + 4) / 64)


def test_page_says_eight_bits_are_free_and_keys_want_their_own_channels():
    rows = Book().result("inference.quantized_cache")["values"]["rows"]
    eight, by_token, by_channel, two = rows
    original = Book().result("compression.weight_formats")["values"]["by_way"]["float32"]
    assert eight["perplexity"] == pytest.approx(original["perplexity"], rel=0.01)
    assert eight["divergence"] < 0.01
    assert by_channel["divergence"] < 0.5 * by_token["divergence"]
    assert two["perplexity"] > 3 * original["perplexity"]
