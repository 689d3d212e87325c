import pytest

from sitebuild.book import Book
from snippets.ecosystem.overlap import shares_a_run, word_runs


def test_runs_by_hand():
    assert word_runs("abca", 2) == {("a", "b"), ("b", "c"), ("c", "a")}
    assert word_runs("abc", 3) == {("a", "b", "c")}
    assert word_runs("abc", 5) == set()


def test_agrees_with_looking_for_strings():
    text, passages = "the cat sat on the mat", ("a cat sat on", "on mat the", "sat on the")
    for length in (1, 2, 3):
        known = word_runs(text.split(), length)
        found = shares_a_run([p.split() for p in passages], known, length)
        for passage, said in zip(passages, found, strict=True):
            words = passage.split()
            runs = [" ".join(words[n : n + length]) for n in range(len(words) - length + 1)]
            assert said == any(f" {run} " in f" {text} " for run in runs)


def test_page_says_long_runs_accuse_nobody_and_miss_the_reworded():
    rows = {row["length"]: row for row in Book().result("ecosystem.overlap")["values"]["rows"]}
    for row in rows.values():
        assert min(row[name] for name in ("once", "4 times", "16 times")) > 1 - 1e-9
    assert rows[3]["unseen"] > 0.9
    assert rows[5]["16 times, reworded"] > 0.99
    assert 0.1 < rows[5]["unseen"] < 0.25
    assert rows[13]["unseen"] == 0
    assert rows[13]["16 times, reworded"] < 0.1


def test_empty_runs_are_refused():
    with pytest.raises(ValueError, match="runs of a word or more, got 0"):
        word_runs("abc", 0)
