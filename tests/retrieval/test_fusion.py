from fractions import Fraction
from itertools import permutations

import lancedb
import numpy as np
import pyarrow as pa
import pytest
from lancedb.index import FTS
from lancedb.rerankers import RRFReranker

from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.fusion import reciprocal_rank_fusion


@pytest.mark.parametrize("k", [0, 10, 60])
def test_agrees_with_fractions_by_hand(k):
    rankings = [["a", "b", "c", "d"], ["c", "e", "a", "f"], ["e"]]
    expected = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            expected[item] = expected.get(item, 0) + Fraction(1, k + rank)
    fused = reciprocal_rank_fusion(rankings, k)
    assert dict(fused) == pytest.approx({item: float(e) for item, e in expected.items()}, rel=1e-15)
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)


@pytest.mark.parametrize("k", [10, 60])
def test_agrees_with_the_databases_own_hybrid_search(tmp_path, k):
    texts = [entry.text for entry in docstring_corpus()[::23]]
    vectors = np.random.default_rng(0).standard_normal((len(texts), 13)).astype(np.float32)
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 13)
    rows = pa.table({"id": range(len(texts)), "text": texts, "vector": column})
    table = lancedb.connect(tmp_path).create_table("t", rows)
    table.create_index("text", config=FTS())
    for question in ("random numbers", "inverse of a matrix", "the gradient of a loss"):
        near = table.search(vectors[3]).limit(20).select(["id", "_distance"]).to_list()
        words = table.search(question, query_type="fts").limit(20)
        words = words.select(["id", "_score"]).to_list()
        ours = reciprocal_rank_fusion([[r["id"] for r in near], [r["id"] for r in words]], k)
        both = table.search(query_type="hybrid").vector(vectors[3]).text(question)
        theirs = both.rerank(RRFReranker(K=k)).limit(20).to_list()
        assert len(theirs) == 20
        scores = [row["_relevance_score"] for row in theirs]
        np.testing.assert_allclose(scores, [score for _, score in ours[:20]], rtol=1e-6)
        for row in theirs:
            assert row["_relevance_score"] == pytest.approx(dict(ours)[row["id"]], rel=1e-6)


def test_the_order_of_the_lists_tips_no_tie():
    rankings = [list("abc"), list("bca"), list("cab")]
    for some in permutations(rankings):
        assert len({score for _, score in reciprocal_rank_fusion(some)}) == 1
        assert [item for item, _ in reciprocal_rank_fusion(some)] == list(some[0])


def test_one_list_keeps_its_order_and_none_gives_nothing():
    assert [item for item, _ in reciprocal_rank_fusion([[7, 3, 11]])] == [7, 3, 11]
    assert reciprocal_rank_fusion([]) == reciprocal_rank_fusion([[], []]) == []


def test_page_says_two_middle_places_beat_one_first_place_at_sixty_but_not_at_zero():
    rankings = [["first", *"abc", "both"], [*"defg", "both"]]
    assert reciprocal_rank_fusion(rankings, 60)[0][0] == "both"
    assert reciprocal_rank_fusion(rankings, 0)[0][0] == "first"


def test_page_says_where_tenth_twice_overtakes_first_once():
    rankings = [["first", *range(8), "both"], [*range(100, 109), "both"]]
    order = {k: [i for i, _ in reciprocal_rank_fusion(rankings, k)] for k in (7, 8, 9, 60)}
    assert [ranking.index("both") < ranking.index("first") for ranking in order.values()] == [
        False,
        False,  # a tie: the first met stays first
        True,
        True,
    ]


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="wanted k >= 0, got -1"):
        reciprocal_rank_fusion([["a"]], -1)
    with pytest.raises(ValueError, match="ranking 1 names an id twice"):
        reciprocal_rank_fusion([["a"], ["b", "b"]])
    with pytest.raises(TypeError, match="wanted lists of ids, got the text 'abc'"):
        reciprocal_rank_fusion(["abc"])
