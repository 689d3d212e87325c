import pytest
import torch

from snippets.model.reading_directions import read_both_ways, relative_change


@pytest.fixture(scope="module")
def changes():
    steep, strict, soft = (
        read_both_ways(f"The bank was very {w}") for w in ("steep", "strict", "soft")
    )
    return [
        {name: relative_change(first[name][1], second[name][1]) for name in first}
        for first, second in ((steep, strict), (steep, soft), (strict, soft))
    ]


def test_page_says_a_decoder_never_looks_back_at_what_comes_later(changes):
    for change in changes:
        assert max(change["decoder"][:-1]) < 1e-4
        assert change["decoder"][-1] > 0.1


def test_page_says_an_encoder_sees_every_word_in_another_light(changes):
    for change in changes:
        assert min(change["encoder"]) > 0.05


def test_the_change_is_a_share_of_the_length():
    before = torch.tensor([[3.0, 4.0], [0.0, 2.0]])
    after = torch.tensor([[3.0, 4.0], [0.0, -2.0]])
    assert relative_change(before, after) == [0, 2]
    with pytest.raises(ValueError, match="wanted two of one shape"):
        relative_change(before, after[:1])
