from functools import cache

import lancedb
import numpy as np
import pyarrow as pa
import pytest

from snippets.model.minilm import load_minilm
from snippets.retrieval.bm25 import word_tokens
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS
from snippets.retrieval.fusion import reciprocal_rank_fusion
from snippets.retrieval.hybrid_search import (
    DEPTH,
    FUSION_K,
    best_first,
    fuse,
    judge,
    known_items,
    search_both,
)
from snippets.retrieval.passage_vectors import load_passage_vectors
from snippets.retrieval.ranking_metrics import mean_reciprocal_rank, reciprocal_rank

HAND, RULE = slice(60, 90), slice(90, 120)  # the reporting half


@cache
def searched():
    """Search once for all tests: questions, answers and both lists, in the demo's order."""
    corpus = docstring_corpus()
    by_rule, number = known_items(corpus), {entry.name: n for n, entry in enumerate(corpus)}
    asked = [*TUNING_QUESTIONS, *by_rule[::2], *REPORT_QUESTIONS, *by_rule[1::2]]
    answers = [[number[name] for name in known.names.split()] for known in asked]
    return asked, answers, search_both(corpus, [known.question for known in asked])


def told(way, half):
    """Judge words, meaning or fused on one half."""
    _, answers, found = searched()
    lists = [{"words": w, "meaning": m, "fused": fuse([w, m])}[way] for w, m in found[half]]
    return judge(lists, answers[half])


def test_known_items_follow_their_rule():
    corpus = docstring_corpus()
    items = known_items(corpus)
    assert len({known.question for known in items}) == 60
    for known in items:
        last = known.question.removeprefix("what does ").removesuffix(" do")
        assert known.names.endswith(f".{last}")
        assert [entry.name for entry in corpus if entry.name.endswith(f".{last}")] == [known.names]


def test_best_first_agrees_with_sorting_and_leaves_out_zeros():
    scores = np.array([0.5, 0.0, 2.0, 0.5, -1.0, 3.0])
    assert best_first(scores) == [5, 2, 0, 3]
    many = np.random.default_rng(0).random(997)
    expected = sorted(range(997), key=lambda n: -many[n])[:DEPTH]
    assert best_first(many) == expected


def test_the_list_by_meaning_agrees_with_the_databases_exact_search(tmp_path):
    vectors = load_passage_vectors()
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.numpy().ravel()), 384)
    rows = pa.table({"n": range(len(vectors)), "vector": column})
    table = lancedb.connect(tmp_path).create_table("t", rows)
    asked, _, found = searched()
    for known, (_, meaning) in list(zip(asked, found, strict=True))[::17]:
        query = load_minilm()[0]([known.question])[0].numpy()
        near = table.search(query).distance_type("dot").limit(10)
        theirs = [row["n"] for row in near.select(["n", "_distance"]).to_list()]
        assert len(set(theirs) & set(meaning[:10])) >= 9  # the last two may tie


def test_judge_agrees_with_the_mean_of_each():
    _, answers, found = searched()
    lists = [words for words, _ in found[HAND]]
    expected = mean_reciprocal_rank(lists, answers[HAND])
    assert judge(lists, answers[HAND])["mrr"] == pytest.approx(expected, abs=0.0051)
    assert judge([[1, 2]], [[2]]) == {"recall": 1.0, "mrr": 0.5, "ndcg": 0.63}


def test_fusing_looks_at_places_only():
    lists = [[3, 1, 2], [2, 5]]
    assert fuse(lists) == [n for n, _ in reciprocal_rank_fusion(lists, FUSION_K)]
    assert fuse([[4, 7, 9]]) == [4, 7, 9]


def test_page_says_k_was_the_best_of_four_on_the_tuning_half():
    _, answers, found = searched()
    tuned = {
        k: mean_reciprocal_rank([fuse(pair, k) for pair in found[:60]], answers[:60])
        for k in (1, 10, 60, 200)
    }
    assert max(tuned, key=tuned.get) == FUSION_K
    others = [mrr for k, mrr in tuned.items() if k != FUSION_K]
    assert max(others) - min(others) < 0.02  # and it hardly matters
    assert tuned[FUSION_K] - min(others) < 0.03


def test_page_says_each_alone_wins_one_kind_and_fusion_wins_the_mixture():
    for measure in ("mrr", "ndcg"):
        assert told("meaning", HAND)[measure] > told("words", HAND)[measure] + 0.1
        assert told("words", RULE)[measure] > told("meaning", RULE)[measure] + 0.1
        assert told("fused", RULE)[measure] > told("words", RULE)[measure] + 0.03
        both = slice(60, 120)
        alone = max(told("words", both)[measure], told("meaning", both)[measure])
        assert told("fused", both)[measure] > alone + 0.05


def test_page_says_fusion_loses_to_meaning_on_what_was_written_by_hand():
    for measure in ("recall", "mrr", "ndcg"):
        assert told("words", HAND)[measure] + 0.03 < told("fused", HAND)[measure]
        assert told("fused", HAND)[measure] < told("meaning", HAND)[measure] - 0.03


def test_page_says_the_fused_list_is_never_the_worst():
    for half in (HAND, RULE, slice(60, 120)):
        for measure in ("recall", "mrr", "ndcg"):
            alone = min(told("words", half)[measure], told("meaning", half)[measure])
            assert told("fused", half)[measure] > alone


def test_page_says_on_the_tuning_half_it_was_the_other_way_round():
    tuning = slice(0, 30)
    assert told("fused", tuning)["mrr"] > told("meaning", tuning)["mrr"] + 0.03


def test_page_says_each_alone_loses_a_question_that_fusion_keeps_and_both_lose_one():
    asked, answers, found = searched()
    numbers = {known.question: n for n, known in enumerate(asked)}

    def places(question):
        n = numbers[question]
        lists = (*found[n], fuse(found[n]))
        return [round(1 / (reciprocal_rank(ranking, answers[n]) or 0.005)) for ranking in lists]

    lost = places("divide my data into a training part and a validation part by chance")
    assert (lost[0], lost[1], lost[2] <= 10) == (200, 1, True)
    lost = places("which of my operations take the most time")
    assert (lost[0] <= 3, lost[1], lost[2] <= 10) == (True, 200, True)
    assert places("turn class numbers into rows with a single 1") == [200, 200, 200]


def test_page_says_which_words_the_documentation_uses():
    texts = {entry.name: set(word_tokens(entry.text)) for entry in docstring_corpus()}
    split, one_hot = texts["torch.utils.data.random_split"], texts["torch.nn.functional.one_hot"]
    assert "randomly" in split
    assert "chance" not in split
    assert not {"rows", "row", "numbers"} & one_hot


def test_more_lists_than_answers_are_refused():
    with pytest.raises(ValueError, match="shorter|longer"):
        judge([[1], [2]], [[1]])
