import pytest

from snippets.inference.three_cuts import DRAWN_LAYERS, DRAWN_SLICES, owner


@pytest.mark.parametrize("cut", ["tensor", "pipeline"])
def test_every_rank_gets_a_third(cut):
    owners = [
        owner(cut, layer, part) for layer in range(DRAWN_LAYERS) for part in range(DRAWN_SLICES)
    ]
    assert [owners.count(rank) for rank in range(3)] == [6, 6, 6]


def test_what_is_cut():
    assert {owner("tensor", layer, 2) for layer in range(DRAWN_LAYERS)} == {2}
    assert {owner("pipeline", 4, part) for part in range(DRAWN_SLICES)} == {2}
    assert owner("data", 5, 2) == 0


def test_another_cut_is_refused():
    with pytest.raises(ValueError, match="wanted one of tensor, pipeline, data, got 'pizza'"):
        owner("pizza", 0, 0)
