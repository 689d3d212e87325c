import math
import random

import pytest

from snippets.retrieval.ranking_metrics import (
    mean_reciprocal_rank,
    ndcg_at_k,
    recall_at_k,
    reciprocal_rank,
)


def dcg(gains):
    return sum(gain / math.log(place + 1, 2) for place, gain in enumerate(gains, 1))


def test_agrees_with_the_definitions_on_random_lists():
    chance = random.Random(0)
    for _ in range(200):
        ranking = chance.sample(range(30), 17)
        answers = chance.sample(range(30), chance.randint(1, 8))
        k = chance.randint(1, 20)
        gains = [int(item in answers) for item in ranking[:k]]
        assert recall_at_k(ranking, answers, k) == pytest.approx(sum(gains) / len(answers))
        ideal = dcg([1] * min(k, len(answers)))
        assert ndcg_at_k(ranking, answers, k) == pytest.approx(dcg(gains) / ideal)
        first = [place for place, item in enumerate(ranking, 1) if item in answers]
        assert reciprocal_rank(ranking, answers) == (1 / min(first) if first else 0)


def test_by_hand():
    ranking, answers = ["x", "a", "y", "b"], ["a", "b", "c"]
    assert recall_at_k(ranking, answers, 3) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranking, answers) == 0.5
    assert mean_reciprocal_rank([ranking, ["c"]], [answers, answers]) == 0.75
    got, most = 1 / math.log2(3) + 1 / math.log2(5), 1 + 1 / math.log2(3) + 0.5
    assert ndcg_at_k(ranking, answers, 10) == pytest.approx(got / most)


def test_perfect_is_one_and_empty_is_zero():
    assert recall_at_k([5, 3], [3, 5], 2) == ndcg_at_k([5, 3], [3, 5], 10) == 1
    assert recall_at_k([], [3], 2) == ndcg_at_k([], [3], 2) == reciprocal_rank([], [3]) == 0


def test_page_says_the_three_disagree():
    early_late, middle = ["a", "x", "y", "b"], ["x", "a", "b", "y"]
    assert reciprocal_rank(early_late, ["a", "b"]) > reciprocal_rank(middle, ["a", "b"])
    assert recall_at_k(early_late, ["a", "b"], 3) < recall_at_k(middle, ["a", "b"], 3)
    assert ndcg_at_k(early_late, ["a", "b"], 4) > ndcg_at_k(middle, ["a", "b"], 4)


@pytest.mark.parametrize(("answers", "k"), [([], 3), (["a"], 0), ("a", 3)])
def test_no_answer_no_depth_and_a_single_text_are_refused(answers, k):
    with pytest.raises(ValueError, match="wanted a list of at least one answer and k >= 1, got"):
        recall_at_k(["a"], answers, k)
    with pytest.raises(ValueError, match="wanted a list of at least one answer and k >= 1, got"):
        ndcg_at_k(["a"], answers, k)


def test_an_id_twice_is_refused():
    with pytest.raises(ValueError, match="names an id twice"):
        reciprocal_rank(["a", "a"], ["b"])
