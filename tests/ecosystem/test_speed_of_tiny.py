from sitebuild.book import Book
from snippets.ecosystem.speed_of_tiny import CROWD, TINY_WRITES, writing_ways
from snippets.model.tiny import load_tiny


def test_every_way_writes_as_much_as_it_says():
    for written, work in writing_ways(load_tiny()[0]).values():
        texts = work()
        assert texts.shape[0] * (texts.shape[1] - 1) == written
        assert texts.shape[1] == TINY_WRITES + 1


def test_page_says_many_texts_at_once_write_most():
    """Generous bounds: the speeds are those of the machine that built the page."""
    rows = {
        r["way"]: r["speed"] for r in Book().result("ecosystem.speed_of_tiny")["values"]["rows"]
    }
    assert rows[f"with notes, {CROWD} texts at once"] > 3 * rows["with notes"]
    assert all(speed > 0 for speed in rows.values())
