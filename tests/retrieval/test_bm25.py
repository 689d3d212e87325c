import bm25s
import numpy as np
import pytest
import rank_bm25

from snippets.retrieval.bm25 import BM25, word_tokens
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS

TEXTS = [entry.text for entry in docstring_corpus()[::7]]
QUESTIONS = [known.question for known in TUNING_QUESTIONS]


def spearman(a, b):
    """Correlate places; ties share the mean place."""
    ranks = []
    for values in (a, b):
        _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
        ranks.append((counts.cumsum() - counts / 2)[where])
    return np.corrcoef(*ranks)[0, 1]


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.75), (0.7, 0.3), (2.0, 1.0)])
def test_agrees_with_bm25s_as_lucene_computes(k1, b):
    theirs = bm25s.BM25(k1=k1, b=b, method="lucene", dtype="float64")
    theirs.index([word_tokens(text) for text in TEXTS], show_progress=False)
    ours = BM25(TEXTS, k1, b)
    for question in QUESTIONS:
        expected = theirs.get_scores(word_tokens(question))
        np.testing.assert_allclose(ours.scores(question), expected, rtol=1e-6, atol=1e-9)


def test_ranks_agree_with_rank_bm25_at_the_same_rarity():
    ours = BM25(TEXTS)
    theirs = rank_bm25.BM25Okapi([word_tokens(text) for text in TEXTS], k1=1.2, b=0.75)
    theirs.idf = ours.idf
    for question in QUESTIONS:
        expected = theirs.get_scores(word_tokens(question))
        assert spearman(ours.scores(question), expected) > 0.99
        np.testing.assert_allclose(ours.scores(question) * 2.2, expected, rtol=1e-9, atol=1e-12)


def test_by_hand():
    ours = BM25(["a b", "a a a c", "d"])
    rarity = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    lengths = np.array([2, 4, 1]) / (7 / 3)
    patience = 1.2 * (0.25 + 0.75 * lengths)
    expected = rarity * np.array([1 / (1 + patience[0]), 3 / (3 + patience[1]), 0])
    np.testing.assert_allclose(ours.scores("A!"), expected)
    np.testing.assert_allclose(ours.scores("a a"), 2 * expected)


def test_scores_are_never_negative_and_move_with_their_documents():
    ours, order = BM25(TEXTS), np.random.default_rng(0).permutation(len(TEXTS))
    moved = BM25([TEXTS[n] for n in order])
    for question in QUESTIONS[:7]:
        scores = ours.scores(question)
        assert (scores >= 0).all()
        np.testing.assert_allclose(moved.scores(question), scores[order])
    assert BM25(["x", "x"]).scores("x").min() > 0  # a word that stands everywhere


def test_k1_zero_counts_a_word_once_and_b_zero_forgets_length():
    assert np.ptp(BM25(["a", "a a a a", "b"], k1=0).scores("a")[:2]) == 0
    assert np.ptp(BM25(["a", "a b b b b", "b"], b=0).scores("a")[:2]) == 0
    long, short = BM25(["a b b b b", "a", "b"], b=1).scores("a")[:2]
    assert short > long


def test_page_says_ten_thousand_of_a_word_count_little_more_than_ten():
    once, ten, many = (BM25(["a " * n, "b"], b=0).scores("a")[0] for n in (1, 10, 10_000))
    assert 1.9 < ten / once < many / once < 2.2
    assert many / ten < 1.15
    assert BM25(["a"]).scores("a")[0] < BM25(["a"]).idf["a"]  # and never its rarity


def test_nothing_to_search_and_nothing_asked():
    assert BM25([]).scores("anything").shape == (0,)
    assert BM25(["", "?!"]).scores("anything").tolist() == [0, 0]
    assert BM25(TEXTS).scores("").tolist() == [0] * len(TEXTS)
    assert BM25(TEXTS).scores("zzzzz ?").max() == 0
    assert BM25(["word " * 200_000]).scores("word")[0] > 0  # 1 MB


@pytest.mark.parametrize("wrong", [[3.14], [None], [b"bytes"]])
def test_what_is_no_text_is_refused(wrong):
    with pytest.raises(TypeError, match=r"wanted a text \(str\), got"):
        BM25(wrong)
    with pytest.raises(TypeError, match=r"wanted a text \(str\), got"):
        BM25(["a"]).scores(wrong[0])
    with pytest.raises(TypeError, match="wanted a list of texts, got one text"):
        BM25("one text")


@pytest.mark.parametrize(("k1", "b"), [(-1, 0.5), (1, 1.5), (1, -0.1)])
def test_parameters_out_of_range_are_refused(k1, b):
    with pytest.raises(ValueError, match="wanted k1 >= 0 and 0 <= b <= 1, got"):
        BM25(["a"], k1, b)


def test_the_ranking_goes_down_and_equals_stay_in_order():
    bm25 = BM25(["dog", "cat", "dog dog", "cow", "dog"])
    order = bm25.ranking("dog")
    assert order.tolist() == [2, 0, 4, 1, 3]
    assert (np.diff(bm25.scores("dog")[order]) <= 0).all()
