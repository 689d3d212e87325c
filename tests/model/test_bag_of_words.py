import pytest
import torch

from snippets.model.bag_of_words import distinct_readings
from snippets.model.transformer import Transformer, TransformerConfig
from tests.shapes import check_shapes


def test_page_says_how_many_readings_there_are():
    assert distinct_readings(causal=False, positions=False) == 1
    assert distinct_readings(causal=False, positions=True) == 6
    # a token that reads its past only and stands first sees nobody: those two orders look the same
    assert distinct_readings(causal=True, positions=False) == 5
    assert distinct_readings(causal=True, positions=True) == 5
    with torch.no_grad():
        check_shapes(distinct_readings, False, True)


def test_agrees_with_sorting_what_dog_can_see():
    """A reader of its past without positions can know who came before, and what they knew."""

    def seen(order):
        return tuple(order[: order.index(0)])

    orders = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)]
    assert distinct_readings(causal=True, positions=False) == len({seen(o) for o in orders})


def test_too_long_a_text_is_refused():
    model = Transformer(TransformerConfig(3, 16, 2, 2, 2, 8, 32, context=3))
    with pytest.raises(ValueError, match="room for 3 tokens, this would be 4"):
        model(torch.tensor([[0, 1, 2, 0]]))
