import pytest
import torch

from sitebuild.book import Book
from snippets.inference.column_row import cut_badly, cut_well

C, F = 15, 30


@pytest.mark.parametrize("ranks", [1, 2, 3, 5])
def test_shares_add_up_to_the_whole(device, ranks):
    x, a = torch.randn(C, device=device), torch.randn(C, F, device=device)
    b = torch.randn(F, C, device=device)
    whole = torch.nn.functional.relu(x @ a) @ b
    shares = cut_well(x, a, b, ranks)
    assert len(shares) == ranks
    torch.testing.assert_close(sum(shares), whole)


def test_a_rank_needs_nothing_of_the_others(device):
    x, a, b = torch.ones(2, device=device), torch.ones(2, 6, device=device), torch.ones(6, 2)
    b = b.to(device)
    before = cut_well(x, a, b, 3)
    a[:, 2:4], b[2:4] = 5.0, 7.0  # all that rank 1 holds
    after = cut_well(x, a, b, 3)
    assert [torch.equal(p, q) for p, q in zip(before, after, strict=True)] == [True, False, True]


def test_without_a_bend_the_bad_cut_would_be_fine_too():
    x, a, b = torch.rand(C), torch.rand(C, F), torch.rand(F, C)  # nothing negative: relu is idle
    torch.testing.assert_close(sum(cut_badly(x, a, b, 3)), x @ a @ b)
    a = a - 0.5
    assert not torch.allclose(sum(cut_badly(x, a, b, 3)), (x @ a).relu() @ b)


def test_columns_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match="4 ranks cannot share 30 columns"):
        cut_well(torch.zeros(C), torch.zeros(C, F), torch.zeros(F, C), 4)


def test_page_says_one_way_is_right_and_the_other_is_not():
    values = Book().result("inference.column_row")["values"]
    assert values["added"] == values["whole"] == [3.0, 4.0]
    assert values["early"] == [15.0, 16.0]
