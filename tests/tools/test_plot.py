import matplotlib.pyplot as plt
import pytest
import torch

from snippets.tools.plot import heatmap, name_line, name_ticks


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_a_heatmap_draws_every_cell_with_its_number_first_row_on_top(ax):
    matrix = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    heatmap(ax, matrix, digits=1)
    assert [text.get_text() for text in ax.texts] == ["1.0", "2.0", "3.0", "4.0", "5.0", "6.0"]
    assert [text.get_position() for text in ax.texts[:2]] == [(0.5, 0.5), (1.5, 0.5)]
    assert ax.yaxis_inverted()
    assert ax.collections[0].get_array().size == matrix.numel()


def test_a_heatmap_embeds_no_bitmap(ax):
    heatmap(ax, torch.rand(2, 3), digits=None)
    assert not ax.images
    assert not ax.texts


def test_names_stand_where_they_belong(ax):
    name_ticks(ax, ["a", "b"], ["c"])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]
    assert list(ax.get_xticks()) == [0.5, 1.5]
    name_line(ax, "loss", 3.0, 4.0)
    assert ax.texts[-1].xy == (3.0, 4.0)
