import pytest
import torch

from sitebuild.book import Book
from snippets.compression.integer import quantize_absmax
from snippets.compression.smooth_quant import integer_layer, relative_error
from snippets.compression.smoothing import smoothing
from tests.shapes import check_shapes

N, IN, OUT = 17, 48, 24  # torch._int_mm wants N > 16 and multiples of 8


def layer(device):
    x = torch.randn(N, IN, device=device)
    x[:, 5] *= 40  # a loud channel
    return x, torch.randn(OUT, IN, device=device)


def test_integers_agree_with_pytorchs_integer_product():
    x, weight = layer("cpu")
    limit = x.abs().max().item()
    got, _ = check_shapes(integer_layer, x, weight, limit)
    q, step = quantize_absmax(x, 8)
    rows, scale = quantize_absmax(weight, 8, axis=0)
    sums = torch._int_mm(q, rows.mT.contiguous())
    torch.testing.assert_close(got, sums * step * scale.mT)
    fake = (q * step) @ (rows * scale).mT  # the same in floats
    torch.testing.assert_close(got, fake, rtol=1e-4, atol=1e-2)


def test_error_of_unchanged_outputs_is_zero_and_of_none_is_one(device):
    x, _ = layer(device)
    assert relative_error(x, x) == 0
    assert relative_error(torch.zeros_like(x), x) == pytest.approx(1)


def test_layers_that_do_not_fit_are_refused():
    x, weight = layer("cpu")
    with pytest.raises(RuntimeError, match="17x47 and 48x24"):
        integer_layer(x[:, 1:], weight, 1.0)
    with pytest.raises(ValueError, match="x must be finite"):
        integer_layer(x, weight * float("nan"), 1.0)


def test_page_says_smoothing_helps_against_a_loud_channel():
    x, weight = layer("cpu")
    exact, s = x @ weight.mT, smoothing(x, weight)
    plain = relative_error(integer_layer(x, weight, x.abs().max().item()), exact)
    even = integer_layer(x / s, weight * s, (x / s).abs().max().item())
    assert relative_error(even, exact) < 0.5 * plain


def test_page_says_four_times_less_on_the_real_layer_and_little_on_the_loud_token():
    values = Book().result("compression.smooth_quant")["values"]
    channel, token = values["rows"]
    assert all(row["plain"] > 5 * row["weights only"] for row in (channel, token))
    assert values["unchanged"] is True
    assert channel["times"] > 4
    assert token["smooth"] > 80
    curve = values["curves"][0]
    assert min(curve) < min(curve[0], curve[-1]) / 4  # the middle is best
