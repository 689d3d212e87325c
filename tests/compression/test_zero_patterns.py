import pytest
import torch

from sitebuild.book import Book
from snippets.compression.zero_patterns import half_muted


def test_each_pattern_keeps_half_and_the_right_half():
    weight = torch.randn(14, 20)
    stays = half_muted(weight)
    assert {name: int(kept.sum()) for name, kept in stays.items()} == dict.fromkeys(stays, 140)
    assert (stays["two of four"].view(-1, 4).sum(1) == 2).all()
    rows = stays["whole rows"]
    assert sorted(rows.sum(1).tolist()) == [0] * 7 + [20] * 7
    norms = weight.norm(dim=1)
    assert norms[rows[:, 0]].min() > norms[~rows[:, 0]].max()
    anywhere = stays["anywhere"]
    assert weight[anywhere].abs().min() > weight[~anywhere].abs().max()


def test_page_says_the_freer_the_choice_the_more_stays():
    sizes = list(Book().result("compression.zero_patterns")["values"]["kept_size"].values())
    assert sizes == sorted(sizes, reverse=True)
    for seed in range(10):
        weight = torch.randn(16, 16, generator=torch.Generator().manual_seed(seed))
        sizes = [float((weight * kept).norm()) for kept in half_muted(weight).values()]
        assert sizes == sorted(sizes, reverse=True)


def test_an_odd_row_is_refused():
    with pytest.raises(ValueError, match="even number of rows, got 3"):
        half_muted(torch.ones(3, 4))
