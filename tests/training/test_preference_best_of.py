import itertools

import pytest
import torch

from sitebuild.book import Book
from snippets.training.preference_best_of import best_of, best_of_kl

N = 7


def test_agrees_with_a_plain_maximum():
    scores = torch.randn(6 * N)
    expected = torch.tensor([max(scores[i : i + N].tolist()) for i in range(0, 6 * N, N)])
    torch.testing.assert_close(best_of(scores, scores, N), expected)


def test_it_keeps_what_scores_best_whatever_that_is_worth():
    scores, worth = torch.tensor([1.0, 9.0, 3.0, 5.0]), torch.tensor([70.0, 50.0, 30.0, 20.0])
    assert best_of(scores, worth, 2).tolist() == [50.0, 20.0]
    assert torch.equal(best_of(scores, worth, 1), worth)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_its_kl_agrees_with_counting_all_outcomes(n):
    many = 11  # songs, all equally likely, all different to the judge
    if n == 5:
        many = 7
    wins = torch.zeros(many, dtype=torch.float64)
    for round_ in itertools.product(range(many), repeat=n):
        wins[max(round_)] += 1
    shares = wins / wins.sum()
    kl = (shares * (shares * many).clamp_min(1e-300).log()).sum().item()
    assert kl <= best_of_kl(n) + 1e-9  # with few songs it is below
    assert kl == pytest.approx(best_of_kl(n), abs=0.25)


def test_page_says_the_judge_is_pleased_and_the_audience_less_than_possible():
    rows = Book().result("training.preference_best_of")["values"]["rows"]
    assert rows[0]["kl"] == 0
    for before, after in itertools.pairwise(rows):
        assert before["judge"] < after["judge"]
        assert before["applause"] < after["applause"] < after["possible"]


def test_songs_that_do_not_split_are_refused():
    with pytest.raises(ValueError, match="wanted rounds of 3 songs, got 7 and 7"):
        best_of(torch.zeros(N), torch.zeros(N), 3)
