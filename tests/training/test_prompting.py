from functools import cache

import pytest
import torch

from sitebuild.book import Book
from snippets.training.prompting import (
    QUIZ_LABELS,
    QUIZ_SIZE,
    draw_shots,
    opposites_quiz,
    verdict_quiz,
    weights_hash,
)


@cache
def told():
    return Book().result("training.prompting")["values"]


@pytest.mark.parametrize("name", list(QUIZ_LABELS))
def test_nothing_shown_is_asked_and_options_are_fair(name):
    labels = QUIZ_LABELS[name]
    shown, asked, options = verdict_quiz(labels) if labels else opposites_quiz()
    assert len(asked) == len(set(asked)) == QUIZ_SIZE == len(options)
    assert not {word for word, _ in shown} & set(asked)
    assert {len(set(some)) for some in options} == {2 if labels else 8}
    assert len({some[0] for some in options}) == (2 if labels else QUIZ_SIZE)
    if labels:  # half of the words each, so that one label for all gets 50
        assert [some[0] for some in options].count(labels[0]) == QUIZ_SIZE / 2


def test_more_examples_are_the_fewer_ones_and_more():
    shown, _, _ = verdict_quiz((" blue", " red"))
    for seed in range(3):
        draws = {k: draw_shots(shown, k, seed, twins=True) for k in (0, 1, 2, 4, 8, 16)}
        assert all(draws[16][: len(few)] == few for few in draws.values())
        for k in (2, 4, 8, 16):  # labels balanced
            assert [label for _, label in draws[k]].count(" blue") == k / 2
    assert draw_shots(shown, 16, 0, True) != draw_shots(shown, 16, 1, True)


def test_one_changed_bit_changes_the_hash():
    layer = torch.nn.Linear(3, 5)
    before = weights_hash(layer)
    assert weights_hash(layer) == before
    with torch.no_grad():
        layer.weight.view(torch.int32)[2, 1] ^= 1
    assert weights_hash(layer) != before


def test_too_many_examples_are_refused():
    with pytest.raises(ValueError, match="wanted 0 to 48 examples, got 49"):
        draw_shots(opposites_quiz()[0], 49, 0, False)


def test_page_says_prompting_changes_no_weight():
    assert told()["before"] == told()["after"]


def test_page_says_one_example_does_most_of_it_and_sixteen_more():
    mean = {k: sum(some) / len(some) for k, some in told()["hits"]["opposites"].items()}
    mean = {int(k): share for k, share in mean.items()}
    assert mean[0] < 30
    assert mean[1] > mean[0] + 30
    assert mean[4] > 85
    assert mean[16] > 90


def test_page_says_labels_without_meaning_start_at_chance_and_end_far_above():
    hits = {int(k): some for k, some in told()["hits"]["blue or red"].items()}
    assert 40 <= hits[0][0] <= 60
    assert min(hits[16]) > 70
    assert max(hits[8]) - min(hits[8]) > 15  # which examples were drawn matters
    assert sum(hits[2]) / 3 < 65
    good = {int(k): some for k, some in told()["hits"]["positive or negative"].items()}
    assert hits[0][0] + 5 < good[0][0] < 70 < 80 < min(good[16])
    assert abs(sum(good[16]) - sum(hits[16])) / 3 < 12  # the head start is not larger at the end
