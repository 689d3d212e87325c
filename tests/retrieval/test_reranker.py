from functools import cache

import pytest
import torch
from torch.nn.functional import normalize

from snippets.model.minilm import find_minilm
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS
from snippets.retrieval.hybrid_search import fuse, judge
from snippets.retrieval.passage_vectors import passage_text
from snippets.retrieval.reranker import REREAD, late_interaction, rerank, token_reader
from tests.retrieval.test_hybrid_search import searched


@cache
def reread(first, last):
    """Judge some of the questions: as fused, read again, read again as a vote."""
    corpus, read = docstring_corpus(), cache(token_reader())
    asked, answers, found = searched()
    lists = {"fused": [], "alone": [], "vote": []}
    for known, pair in list(zip(asked, found, strict=True))[first:last]:
        ranking, query = fuse(pair), read(known.question)

        def score(number, query=query):
            return float(late_interaction(query, read(passage_text(corpus[number]))))

        lists["fused"].append(ranking)
        lists["alone"].append(rerank(ranking, score, vote=False))
        lists["vote"].append(rerank(ranking, score, vote=True))
    return {way: judge(ranked, answers[first:last]) for way, ranked in lists.items()}


def test_agrees_with_loops():
    query, passage = torch.randn(3, 7), torch.randn(5, 7)
    best = [max(float(q @ p) for p in passage) for q in query]
    assert float(late_interaction(query, passage)) == pytest.approx(sum(best) / 3, rel=1e-5)


def test_token_vectors_agree_with_transformers():
    from transformers import AutoModel, BertTokenizer

    folder, text = find_minilm(), "The cat sat on the mat."
    theirs = AutoModel.from_pretrained(folder).eval()
    ids = BertTokenizer(str(folder / "vocab.txt"), do_lower_case=True)(text, return_tensors="pt")
    with torch.no_grad():
        expected = normalize(theirs(**ids).last_hidden_state[0], dim=-1)
    torch.testing.assert_close(token_reader()(text), expected, atol=2e-6, rtol=0)


def test_a_text_meets_itself_perfectly_and_order_does_not_count():
    passage = normalize(torch.randn(11, 7), dim=-1)
    assert float(late_interaction(passage, passage)) == pytest.approx(1)
    query, mixed = normalize(torch.randn(3, 7), dim=-1), passage[torch.randperm(11)]
    torch.testing.assert_close(late_interaction(query, passage), late_interaction(query, mixed))
    more = torch.cat([passage, query[:1]])
    assert late_interaction(query, more) > late_interaction(query, passage)


def test_only_the_first_are_ordered_anew():
    ranking = list(range(100, 130))
    backwards = rerank(ranking, float, vote=False)
    assert backwards == [*range(109, 99, -1), *ranking[REREAD:]]
    voted = rerank(ranking, lambda n: -n, vote=True)
    assert voted == ranking  # both orders agree
    assert sorted(rerank(ranking, float, vote=True)) == ranking
    assert rerank([], float, vote=True) == []


@pytest.mark.parametrize(
    ("query", "passage"), [((0, 7), (5, 7)), ((3, 7), (0, 7)), ((3, 7), (5, 6))]
)
def test_sizes_that_do_not_fit_are_refused(query, passage):
    with pytest.raises(ValueError, match=r"wanted \(T, D\) and \(S, D\) with T, S, D >= 1, got"):
        late_interaction(torch.zeros(query), torch.zeros(passage))


def test_page_says_the_tuning_half_chose_the_vote():
    mrr = {way: told["mrr"] for way, told in reread(0, 30).items()}
    assert mrr["vote"] > mrr["fused"] + 0.02 > mrr["alone"] + 0.04
    assert len(TUNING_QUESTIONS) == len(REPORT_QUESTIONS) == 30


def test_page_says_it_helps_by_hand_and_hurts_by_rule():
    hand, rule = reread(60, 90), reread(90, 120)
    assert hand["vote"]["mrr"] > hand["fused"]["mrr"] + 0.05
    assert hand["alone"]["mrr"] > hand["vote"]["mrr"] + 0.03  # the choice was not the luckiest
    assert rule["vote"]["mrr"] < rule["fused"]["mrr"] - 0.02
    assert rule["alone"]["mrr"] < rule["vote"]["mrr"]


def test_page_says_which_tokens_meet():
    read = token_reader()
    matches = read("delete blanks at both ends") @ read("strip leading and trailing whitespace").T
    best = matches[1:-1, 1:-1].argmax(1).tolist()
    assert (best[0], best[2], best[6]) == (0, 4, 3)  # del-strip, blank-whites, ends-trailing
