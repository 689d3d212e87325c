import pytest
import torch

from sitebuild.book import Book
from snippets.inference.ring_all_reduce import ring_all_reduce, ring_bytes


@pytest.mark.parametrize("ranks", [1, 2, 3, 5, 7])
def test_everybody_has_the_sum_and_sent_what_the_formula_says(device, ranks):
    parts = [torch.randint(-99, 99, (ranks * 11,), device=device) for _ in range(ranks)]
    before = [part.clone() for part in parts]
    totals, sent, steps = ring_all_reduce(parts)
    for total in totals:
        torch.testing.assert_close(total, torch.stack(before).sum(0))
    assert all(torch.equal(a, b) for a, b in zip(parts, before, strict=True)), "inputs changed"
    assert sent == [ring_bytes(ranks, ranks * 11)] * ranks
    assert len(steps) == 2 * (ranks - 1)


def test_no_sum_is_known_before_half_of_the_steps():
    parts = [torch.tensor([1, 10, 100]) * n for n in (1, 2, 3)]
    _, _, steps = ring_all_reduce(parts)
    whole = torch.tensor([6, 60, 600])
    known = [sum(int((held == whole).sum()) for held in step) for step in steps]
    assert known == [0, 3, 6, 9]


@pytest.mark.parametrize("lengths", [(3, 4), (5, 5)])
def test_parts_that_do_not_fit_are_refused(lengths):
    with pytest.raises(ValueError, match="wanted 2 parts of one length that 2 divides"):
        ring_all_reduce([torch.zeros(n) for n in lengths])


@pytest.mark.parametrize(("ranks", "size"), [(0, 8), (2, -1)])
def test_nonsense_is_refused(ranks, size):
    with pytest.raises(ValueError, match="wanted ranks >= 1"):
        ring_bytes(ranks, size)


def test_page_says_four_numbers_each_and_never_twice_the_sum():
    values = Book().result("inference.ring_all_reduce")["values"]
    assert values["numbers_each"] == 4
    assert values["grows"]["2"] == 1 < values["grows"]["3"] < values["grows"]["8"] < 2
    assert all(ring_bytes(n, 1) < 2 for n in (2, 10, 10_000))
