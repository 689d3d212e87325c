import pytest
import torch

from sitebuild.book import Book
from snippets.compression.format_exercises import two_equal_inputs
from snippets.compression.gptq import gptq
from snippets.compression.squeezed import grouped_bits


def test_agrees_with_the_real_functions():
    """The same two weights in a row whose other weights fix the grid at whole numbers."""
    weight = torch.tensor([[0.4, 0.4, -8.0, 7.0]])
    inputs = torch.eye(4)[:, [0, 0, 2, 3]] * 100
    rounded = gptq(weight, inputs, 4, 4)
    first, moved, second = two_equal_inputs((0.4, 0.4))
    assert rounded[0, :2].tolist() == [first, second] == [0, 1]
    assert moved == pytest.approx(0.8, abs=0.05)
    values = Book().result("compression.format_exercises")["values"]
    assert values["three_bits"] == pytest.approx(grouped_bits(3, 64, 19))
    assert values["q4_k"] == pytest.approx(8.03 * 4.5 / 8)
    assert values["q6_k"] == pytest.approx(8.03 * 6.5625 / 8)
