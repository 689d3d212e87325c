from sitebuild.book import Book
from snippets.training.fine_tuning import TUNING_RATES
from snippets.training.freezing import WAYS_TO_TUNE


def told():
    return Book().result("training.fine_tuning")["values"]


def test_page_says_all_three_learn_and_the_head_learns_least():
    by = told()["by"]
    assert by["before"]["sums"] == 0
    assert min(by[way]["sums"] for way in ("full", "last two layers")) >= 24
    assert 8 <= by["head"]["sums"] < by["full"]["sums"] - 3
    assert max(row["false"] for row in by.values()) <= 3
    assert by["head"]["trainable"] > 3 * by["last two layers"]["trainable"]
    assert by["head"]["loss"] > max(by["full"]["loss"], by["last two layers"]["loss"])


def test_page_says_fine_tuning_changes_no_size_and_little_of_each_weight():
    values = told()
    assert values["size_before"] == values["by"]["full"]["trainable"]
    assert values["furthest"] < 0.1 * values["typical_weight"]


def test_every_way_has_a_rate():
    assert tuple(TUNING_RATES) == WAYS_TO_TUNE
