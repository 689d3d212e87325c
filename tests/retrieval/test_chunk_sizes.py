from sitebuild.book import Book
from snippets.retrieval.chunk_sizes import CHUNK_SIZES


def test_page_says_longer_passages_show_more_up_to_a_point_and_cost_more():
    values = Book().result("retrieval.chunk_sizes")["values"]
    rows = values["rows"]
    assert [row["size"] for row in rows] == list(CHUNK_SIZES) == sorted(CHUNK_SIZES)
    hits, words = ([row[key] for row in rows] for key in ("hits", "words"))
    assert words == sorted(words)
    assert hits[0] < hits[1] < hits[2] < hits[3] >= hits[4]
    assert hits[0] < hits[2] - 5
    assert all(1.8 <= b / a <= 2 for a, b in zip(words, words[1:], strict=False))
    assert hits[-1] <= values["there"]
    assert hits[-1] - hits[2] <= 3  # from 40 words on, little is gained
