import pytest
import torch
from torch.nn.functional import embedding

from snippets.model.embedding import look_up, multiply_up, nearest_rows
from snippets.model.gguf_file import dequantize_gguf, read_gguf
from snippets.model.smollm2_file import find_smollm2
from snippets.model.smollm2_tokenizer import SmolTokenizer
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


def test_page_says_the_neighbours_of_a_word_are_mostly_itself_and_numbers_flock_together():
    metadata, tensors = read_gguf(find_smollm2())
    tokenizer = SmolTokenizer.from_metadata(metadata)
    table = torch.from_numpy(dequantize_gguf(tensors["token_embd.weight"]))

    def friends(word):
        near = nearest_rows(table, tokenizer.encode(word)[0], 4)
        return [tokenizer.decode([index]).strip().lower() for index, _ in near]

    assert friends(" cat").count("cat") >= 3
    assert set(friends(" seven")) <= {"one", "two", "three", "four", "five", "six", "eight", "nine"}


def test_an_id_outside_the_table_is_an_error():
    with pytest.raises(IndexError):
        look_up(torch.zeros(V, D), torch.tensor([V]))
