import pytest
import torch
from torch.nn.functional import normalize

from sitebuild.book import Book
from snippets.model.minilm import find_minilm
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS
from snippets.retrieval.reranker import REREAD, late_interaction, rerank, token_reader


def told(half):
    """What the build measured on one half of the questions, by way."""
    rows = Book().result("retrieval.reranker")["values"]["rows"]
    return {row["way"]: row["mrr"] for row in rows if row["half"] == half}


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
    mrr = told("tuning")
    assert mrr["as a vote"] > mrr["fused"] + 0.02 > mrr["read again"] + 0.04
    assert len(TUNING_QUESTIONS) == len(REPORT_QUESTIONS) == 30


def test_page_says_it_helps_by_hand_and_hurts_by_rule():
    hand, rule = told("by hand"), told("by rule")
    assert hand["as a vote"] > hand["fused"] + 0.05
    assert hand["read again"] > hand["as a vote"] + 0.03  # the choice was not the luckiest
    assert rule["as a vote"] < rule["fused"] - 0.02
    assert rule["read again"] < rule["as a vote"]


def test_page_says_which_tokens_meet():
    read = token_reader()
    matches = read("delete blanks at both ends") @ read("strip leading and trailing whitespace").T
    best = matches[1:-1, 1:-1].argmax(1).tolist()
    assert (best[0], best[2], best[6]) == (0, 4, 3)  # del-strip, blank-whites, ends-trailing
