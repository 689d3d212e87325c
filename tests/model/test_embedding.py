import pytest
import torch
from torch.nn.functional import embedding

from snippets.model.embedding import look_up, multiply_up, nearest_rows
from tests.shapes import check_shapes

V, D, T = 13, 7, 5


def test_agrees_with_pytorch(device):
    table, ids = torch.randn(V, D, device=device), torch.randint(V, (T,), device=device)
    torch.testing.assert_close(look_up(table, ids), embedding(ids, table))
    product, checked = check_shapes(multiply_up, table, ids)
    torch.testing.assert_close(product, look_up(table, ids))
    assert checked


def test_the_nearest_row_is_the_one_that_points_the_same_way():
    table = torch.tensor([[1.0, 0.0], [5.0, 0.1], [0.0, 1.0], [-1.0, 0.0]])
    (best, cosine), (second, _) = nearest_rows(table, 0, 2)
    assert (best, second) == (1, 2)
    assert cosine == pytest.approx(5 / (5**2 + 0.1**2) ** 0.5)


def test_an_id_outside_the_table_is_an_error():
    with pytest.raises(IndexError):
        look_up(torch.zeros(V, D), torch.tensor([V]))
