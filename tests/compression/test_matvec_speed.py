import pytest
import torch

from sitebuild.book import Book
from snippets.compression.integer import quantize_absmax
from snippets.compression.matvec_speed import int8_weight_only

B, IN, OUT = 3, 32 * 7, 53


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 0.02)])
def test_agrees_with_a_product_of_floats(dtype, tolerance):
    weight, x = torch.randn(OUT, IN), torch.randn(B, IN)
    q, scale = quantize_absmax(weight, axis=0)
    ours = int8_weight_only(x.to(dtype), q, scale)
    expected = x @ (q * scale).mT
    assert (ours.dtype, ours.shape) == (dtype, (B, OUT))
    assert (ours.float() - expected).norm() < tolerance * expected.norm()


def test_page_says_eight_bits_gain_where_a_kernel_exists_and_lose_where_none_does():
    """Generous bounds: the speeds are those of the machine that built the page."""
    speed = {row["weights"]: row["speed"] for row in _values()["rows"]}
    assert speed["float32"] == 1
    assert speed["int8, bfloat16 in"] > 1.2
    assert speed["int8, bfloat16 in"] > speed["bfloat16"]
    assert speed["int8, float32 in"] < 0.8


def test_page_says_the_answer_is_off_by_about_one_per_cent():
    assert 0.3 < _values()["off"] < 3


def test_bytes_are_those_of_tensors():
    megabytes = [row["megabytes"] for row in _values()["rows"]]
    assert megabytes[0] == 2 * megabytes[1] == 4 * megabytes[2] == 4 * megabytes[3] > 256


def _values():
    return Book().result("compression.matvec_speed")["values"]


@pytest.mark.parametrize(
    ("x", "q", "scale"),
    [
        (torch.ones(B, IN), torch.ones(OUT, IN), torch.ones(OUT, 1)),
        (torch.ones(B, IN), torch.ones(OUT, IN, dtype=torch.int8), torch.ones(OUT)),
        (torch.ones(B, 17), torch.ones(OUT, IN, dtype=torch.int8), torch.ones(OUT, 1)),
    ],
)
def test_shapes_and_types_that_do_not_fit_are_refused(x, q, scale):
    with pytest.raises(ValueError, match=r"wanted \(B, in\), int8 \(out, in\) and \(out, 1\), got"):
        int8_weight_only(x, q, scale)


def test_rows_that_the_kernel_would_read_past_are_refused():
    with pytest.raises(ValueError, match="whole runs of 32, got rows of 37"):
        int8_weight_only(
            torch.ones(B, 37), torch.ones(OUT, 37, dtype=torch.int8), torch.ones(OUT, 1)
        )
