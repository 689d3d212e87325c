import pytest

from snippets.retrieval.chunks import best_passages, cut_into_chunks
from snippets.retrieval.docstrings import DocEntry

WORDS = [f"w{n}" for n in range(97)]


@pytest.mark.parametrize(("size", "overlap"), [(7, 0), (13, 5), (11, 10), (200, 3), (1, 0)])
def test_nothing_is_lost_and_neighbours_share_what_was_asked_for(size, overlap):
    chunks = [chunk.split() for chunk in cut_into_chunks(" ".join(WORDS), size, overlap)]
    rebuilt = chunks[0] + [word for chunk in chunks[1:] for word in chunk[overlap:]]
    assert rebuilt == WORDS
    assert all(len(chunk) <= size for chunk in chunks)
    assert all(len(chunk) > overlap for chunk in chunks)
    for before, after in zip(chunks, chunks[1:], strict=False):
        assert before[len(before) - overlap :] == after[:overlap]


def test_a_case_by_hand():
    assert cut_into_chunks("a b c d e", size=3, overlap=1) == ["a b c", "c d e"]
    assert cut_into_chunks("", size=3, overlap=1) == [""]


@pytest.mark.parametrize("overlap", [3, 4, -1])
def test_an_overlap_that_gets_nowhere_is_refused(overlap):
    with pytest.raises(ValueError, match=f"overlap={overlap}, size=3"):
        cut_into_chunks("a b c d", size=3, overlap=overlap)


GARDEN = [
    DocEntry("rose", "Roses need sun. " + "They are pruned in March. " * 20),
    DocEntry("fern", "Ferns need shade. " + "They are watered daily. " * 20),
]


def test_the_best_passage_shares_most_with_the_question():
    passages = best_passages("Which plants need shade?", GARDEN, size=12, overlap=3)
    assert len(passages) == 2
    assert passages[0].startswith("fern: Ferns need shade.")
    assert all(len(passage.split()) <= 12 + 1 for passage in passages)


def test_nothing_to_read_is_refused():
    with pytest.raises(ValueError, match="at least one entry to read, got none"):
        best_passages("Why?", [])
