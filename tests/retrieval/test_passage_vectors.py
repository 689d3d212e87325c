import pytest
import torch
from torch.nn.functional import cosine_similarity

from snippets.model.minilm import find_minilm, load_minilm
from snippets.retrieval.docstrings import DocEntry, docstring_corpus
from snippets.retrieval.passage_vectors import (
    PASSAGE_CHARACTERS,
    dense_scores,
    load_passage_vectors,
    passage_text,
)


def test_kept_vectors_agree_with_transformers():
    from transformers import AutoModel, BertTokenizer

    folder = find_minilm()
    theirs = AutoModel.from_pretrained(folder).eval()
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), do_lower_case=True)
    corpus, vectors = docstring_corpus(), load_passage_vectors()
    for number in range(0, len(corpus), 397):
        ids = tokenizer(passage_text(corpus[number]), return_tensors="pt")
        with torch.no_grad():
            mean = theirs(**ids).last_hidden_state[0].mean(0)
        torch.testing.assert_close(vectors[number], mean / mean.norm(), atol=2e-6, rtol=0)


def test_there_is_one_vector_of_length_one_for_each_entry():
    vectors = load_passage_vectors()
    assert vectors.shape == (len(docstring_corpus()), 384)
    assert vectors.dtype == torch.float32
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(len(vectors)))


def test_scores_agree_with_pytorchs_cosine():
    queries, passages = torch.randn(3, 7), torch.randn(11, 7)
    lengths = queries.norm(dim=1)[:, None] * passages.norm(dim=1)
    scores = dense_scores(queries, passages)
    expected = cosine_similarity(queries[:, None], passages[None], dim=-1) * lengths
    torch.testing.assert_close(scores, expected)


def test_the_line_of_arguments_is_left_out_and_the_end_cut():
    entry = DocEntry("torch.f", "f(a, b) -> Tensor\n\nAdds   things.\nWell.")
    assert passage_text(entry) == "torch.f: Adds things. Well."
    assert passage_text(DocEntry("g", "Adds.\n\nMore.")) == "g: Adds. More."
    assert passage_text(DocEntry("h", "h(a) -> b")) == "h: h(a) -> b"
    assert max(len(passage_text(entry)) for entry in docstring_corpus()) == PASSAGE_CHARACTERS


def test_page_says_it_finds_rot90_without_its_words():
    corpus, question = docstring_corpus(), "rotate a picture by a quarter turn"
    scores = dense_scores(load_minilm()[0]([question]), load_passage_vectors())[0]
    found = {corpus[n].name for n in scores.topk(2).indices.tolist()}
    assert found == {"numpy.rot90", "torch.rot90"}
    for entry in corpus:
        if entry.name in found:
            assert not {"picture", "quarter", "turn"} & set(passage_text(entry).lower().split())


@pytest.mark.parametrize("shape", [(7,), (3, 5)])
def test_sizes_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match=r"wanted queries \(Q, D\) and passages \(N, D\), got"):
        dense_scores(torch.zeros(shape), torch.zeros(11, 7))
