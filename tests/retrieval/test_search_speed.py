import time

import pytest
import torch
from lancedb.index import IvfFlat
from torch.nn.functional import normalize

from snippets.retrieval.bm25 import BM25
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.passage_vectors import dense_scores, load_passage_vectors
from snippets.retrieval.search_speed import (
    DRAWERS,
    OPENED,
    nearest,
    overlap,
    seconds_each,
    vector_table,
)


def test_a_table_without_index_agrees_with_the_matrix_product(tmp_path):
    vectors = normalize(torch.randn(397, 13), dim=-1)
    table = vector_table(tmp_path, vectors)
    queries = torch.randn(5, 13)
    expected = dense_scores(queries, vectors).topk(10).indices.tolist()
    assert [nearest(table, query) for query in queries] == expected


def test_page_says_drawers_lose_some_and_all_drawers_lose_none(tmp_path):
    vectors = load_passage_vectors()[:1000].clone()
    table, queries = vector_table(tmp_path, vectors), vectors[::53] + vectors[1::53]
    exact = [nearest(table, query) for query in queries]
    table.create_index("vector", config=IvfFlat(distance_type="dot", num_partitions=DRAWERS))
    share = overlap([nearest(table, query) for query in queries], exact)
    assert 0.3 < share < 1
    found = [table.search(q.numpy()).distance_type("dot").nprobes(DRAWERS) for q in queries]
    rows = [f.limit(10).select(["number", "_distance"]).to_list() for f in found]
    assert overlap([[row["number"] for row in some] for some in rows], exact) > 0.99
    assert OPENED < DRAWERS / 4


def test_time_is_measured_per_turn():
    assert seconds_each(lambda turn: time.sleep(0.01), 3) >= 0.01
    seen = []
    seconds_each(seen.append, 3)
    assert seen == [0, 0, 1, 2]


def test_overlap_by_hand():
    assert overlap([[1, 2], [3, 4]], [[2, 1], [3, 5]]) == 0.75


def test_no_turn_at_all_is_refused():
    with pytest.raises(ValueError, match="wanted at least 1 time, got 0"):
        seconds_each(print, 0)


def test_page_says_words_and_a_plain_product_beat_the_database_at_this_size(tmp_path):
    texts = [entry.text for entry in docstring_corpus()[:1000]]
    vectors, bm25 = load_passage_vectors()[:1000].clone(), BM25(texts)
    table = vector_table(tmp_path, vectors)
    database = seconds_each(lambda turn: nearest(table, vectors[turn]), 20)
    assert seconds_each(lambda turn: bm25.scores(texts[turn][:50]), 20) < database / 2
    assert seconds_each(lambda turn: dense_scores(vectors[turn, None], vectors), 20) < database / 2
