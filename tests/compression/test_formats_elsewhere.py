import torch
from torch import nn

from sitebuild.book import Book
from snippets.compression.formats_elsewhere import (
    nearest_five,
    nn_summaries,
    rounded_copy,
    sentence_vectors,
)
from snippets.model.minilm import load_minilm, load_minilm_parts


def test_vectors_agree_with_the_loader_of_the_model():
    texts = nn_summaries()[:5]
    encode, _ = load_minilm()
    wordpiece, encoder = load_minilm_parts()
    ids = [wordpiece.encode(text) for text in texts]
    ours = sentence_vectors(encoder, ids, wordpiece.pad_id)
    assert torch.allclose(ours, encode(texts), atol=1e-5)


def test_neighbours_agree_with_a_search_by_hand():
    vectors = nn.functional.normalize(torch.randn(20, 8))
    for n, found in enumerate(nearest_five(vectors).tolist()):
        others = sorted((m for m in range(20) if m != n), key=lambda m: -vectors[n] @ vectors[m])
        assert found == others[:5]


def test_matrices_are_rounded_and_vectors_are_not():
    exact = {"matrix": torch.randn(4, 64), "odd": torch.randn(4, 33), "bias": torch.randn(64)}
    rounded = rounded_copy(exact, "Q4_0")
    assert torch.equal(rounded["bias"], exact["bias"])
    assert torch.equal(rounded["odd"], exact["odd"])
    assert not torch.equal(rounded["matrix"], exact["matrix"])


def test_page_says_each_bit_brings_both_models_nearer():
    rows = {
        row["format"]: row
        for row in Book().result("compression.formats_elsewhere")["values"]["rows"]
    }
    order = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0")
    cosines, found = ([rows[kind][what] for kind in order] for what in ("cosine", "found"))
    assert cosines == sorted(cosines)
    assert found == sorted(found)
    four = min(rows[kind]["lost"] for kind in ("Q4_0", "Q4_1"))
    assert max(abs(rows[kind]["lost"]) for kind in ("Q5_0", "Q5_1", "Q8_0")) < four / 2
