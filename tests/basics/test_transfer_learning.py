import math
from functools import cache

import pytest
import torch

from snippets.basics.picture_names import picture_names, split_evenly
from snippets.basics.transfer_learning import NAME_EXAMPLES, WAYS, Task, count_words, fresh_reader
from snippets.model.minilm import load_minilm_parts

OTHER_SEEDS = (3, 4)  # the demo has 0, 1 and 2


@cache
def task(seed=OTHER_SEEDS[0]):
    return Task(load_minilm_parts(), *split_evenly(picture_names(), 128, 60, seed), seed)


@cache
def share(way, size):
    return sum(task(seed).share_right(way, size) for seed in OTHER_SEEDS) / len(OTHER_SEEDS)


def test_counting_agrees_with_the_rule_by_hand():
    examples = [("red apple", 0.0), ("red fox", 1.0), ("fox cub", 1.0)]
    score = count_words(examples, ["red fox", "unseen"])
    animal, food = math.log(2 / 8) + math.log(3 / 8), math.log(2 / 6) + math.log(1 / 6)
    assert score == pytest.approx([animal - food, math.log(1 / 8) - math.log(1 / 6)])


def test_frozen_stays_frozen_and_full_moves():
    before = [weight.clone() for weight in task().encoder.parameters()]
    scores = [task()._scores(way, 8) for way in ("frozen", "full")]
    after = list(task().encoder.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert (scores[0] - scores[1]).abs().max() > 0.01


def test_the_same_seed_learns_the_same():
    assert torch.equal(task()._scores("fresh", 8), task()._scores("fresh", 8))
    knobs = [sum(w.numel() for w in fresh_reader(100, n).parameters()) for n in (0, 1)]
    assert knobs[0] == knobs[1]


def test_page_says_who_has_read_needs_few_examples():
    assert share("frozen", 8) > 0.75
    assert share("frozen", 128) > 0.9
    for way in ("fresh", "counting"):
        assert share("frozen", 8) > share(way, 8) + 0.15
        assert share("frozen", 8) > share(way, 128)
        assert share(way, 128) < 0.8


def test_page_says_all_of_minilm_trained_runs_close_to_the_frozen_one():
    assert share("full", 2) > share("frozen", 2) - 0.02
    assert abs(share("full", 128) - share("frozen", 128)) < 0.05


def test_page_says_food_has_longer_names():
    spaces = {label: [] for label in (0.0, 1.0)}
    for name, label in picture_names():
        spaces[label].append(" " in name)
    shares = {label: sum(some) / len(some) for label, some in spaces.items()}
    assert shares[0.0] > 2 * shares[1.0]


def test_page_says_two_seen_words_are_no_help_for_counting():
    """Of the words in the exam, most were in none of the examples."""
    known = {word for name, _ in task().examples[:8] for word in name.split()}
    words = [word for name, _ in task().exam for word in name.split()]
    assert sum(word in known for word in words) < 0.15 * len(words)
    assert max(NAME_EXAMPLES) == len(task().examples)


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="got 'magic'"):
        task().share_right("magic", 8)
    assert list(WAYS) == ["counting", "fresh", "frozen", "full"]
