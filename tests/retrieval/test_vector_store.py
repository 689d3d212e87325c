import lancedb
import pytest
import torch
from torch.nn.functional import normalize

from snippets.model.minilm import load_minilm
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.vector_store import LONGEST_TEXT, open_store


def spell(texts):
    """Turn texts into 27 numbers, how often each letter stands there: fast, and easy to follow."""
    counts = [[1 + text.lower().count(chr(97 + n)) for n in range(26)] + [1] for text in texts]
    return normalize(torch.tensor(counts, dtype=torch.float32))


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path, spell, dim=27)
    store.add(["a", "b", "c"], ["aaaa", "bbbb", "cccc aa"])
    return store


def test_agrees_with_a_plain_matrix_product(tmp_path):
    texts = [entry.text for entry in docstring_corpus()[::11]]
    vectors, store = spell(texts), open_store(tmp_path, spell, dim=27)
    store.add([str(n) for n in range(len(texts))], texts, vectors)
    for query in ("jazz quiz", "sum of the squares", "zzz"):
        best = (vectors @ spell([query])[0]).topk(7)
        hits = store.search(query, k=7)
        torch.testing.assert_close(torch.tensor([hit.score for hit in hits]), best.values)
        assert [hit.text for hit in hits] == [texts[int(hit.id)] for hit in hits]
        assert {hit.id for hit in hits} == {str(n) for n in best.indices.tolist()}


def test_real_vectors_find_the_passage(tmp_path):
    store = open_store(tmp_path)
    store.add(["tea", "bike"], ["Green tea is brewed at 80 degrees.", "The bicycle is red."])
    (hit,) = store.search("How hot should the water be?", k=1)
    assert hit.id == "tea"
    encode = load_minilm()[0]
    same = encode([hit.text]) @ encode(["How hot should the water be?"]).T
    assert hit.score == pytest.approx(float(same), abs=1e-6)


def test_changes_are_seen_at_once_and_after_opening_again(store, tmp_path):
    assert store.search("a", k=1)[0].text == "aaaa"
    store.update("a", "now zzzz")
    assert [hit.id for hit in store.search("zz", k=1)] == ["a"]
    store.delete("a")
    again = open_store(tmp_path, spell, dim=27)
    assert len(store) == len(again) == 2
    assert {hit.id for hit in again.search("a", k=9)} == {"b", "c"}
    assert list(tmp_path.iterdir()), "it lies on disk"
    assert lancedb.connect(tmp_path).open_table("entries").count_rows() == 2


def test_an_empty_store_finds_nothing(tmp_path):
    store = open_store(tmp_path, spell, dim=27)
    store.add([], [])
    assert store.search("anything") == []
    assert len(store) == 0


def test_an_id_is_no_piece_of_sql(store):
    trick = "x' OR '1'='1"
    with pytest.raises(ValueError, match="there is no entry"):
        store.delete(trick)
    store.add([trick], ["dddd"])
    store.delete(trick)
    assert len(store) == 3


def test_what_cannot_be_done_is_refused_and_changes_nothing(store):
    for attempt, error, message in [
        (lambda: store.delete("z"), ValueError, "there is no entry 'z'"),
        (lambda: store.update("z", "text"), ValueError, "there is no entry 'z'"),
        (lambda: store.add(["d", "a"], ["x", "y"]), ValueError, "id 'a' is taken; use update"),
        (lambda: store.add(["d", "d"], ["x", "y"]), ValueError, "an id stands twice"),
        (lambda: store.add(["d"], []), ValueError, "wanted as many texts"),
        (lambda: store.add(["d"], ["x"], torch.ones(2, 27)), ValueError, "wanted as many texts"),
        (lambda: store.add(["d", "e"], ["x", 3]), TypeError, "wanted a text .*, got int: 3"),
        (lambda: store.add([4], ["x"]), TypeError, "wanted a text .*, got int: 4"),
        (lambda: store.add(["d"], [" \n"]), ValueError, "wanted a text, got an empty one"),
        (lambda: store.update("a", "x" * 10**6), ValueError, "got 1,000,000: cut the text"),
        (lambda: store.search(""), ValueError, "wanted a text, got an empty one"),
        (lambda: store.search(None), TypeError, "wanted a text .*, got NoneType"),
        (lambda: store.search("a", k=0), ValueError, "wanted k >= 1, got 0"),
    ]:
        with pytest.raises(error, match=message):
            attempt()
    assert len(store) == 3
    assert store.search("a", k=1)[0].text == "aaaa"


def test_the_longest_text_is_taken(store):
    store.add(["long"], ["q" * LONGEST_TEXT])
    assert store.search("qqqq", k=1)[0].id == "long"
    assert max(len(entry.text) for entry in docstring_corpus()) <= LONGEST_TEXT
