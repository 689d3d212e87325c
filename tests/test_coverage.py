"""Everything that the article said is covered: `coverage.yml` names the words, and they are there.

Items are numbered by the article's section and their place in it.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from sitebuild.records import read_records

DOCS = Path("docs")
ITEMS = read_records(
    Path("tests/coverage.yml"), ("item", "about", "kind"), ("where", "words", "needs")
)
PER_SECTION = (9, 17, 61, 35, 23, 78, 27, 17, 58, 10, 15, 13, 33, 47, 9, 8)  # of the article
HEADING = re.compile(r"^(#+) (.*?)(?: \{ ?#([\w-]+) ?\})?$")


def slug(heading):
    """Name a heading as Markdown does."""
    words = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", heading)).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


def section(page, anchor):
    """Give the lines from an anchor's heading to the next of the same or a higher level."""
    lines = (DOCS / page).read_text("utf-8").splitlines()
    if not anchor:
        return "\n".join(lines)
    inside, fence, found = 0, False, []
    for line in lines:
        fence ^= line.lstrip().startswith("```")
        match = None if fence else HEADING.match(line)
        if match and inside and len(match[1]) <= inside:
            break
        if match and anchor in (match[3], slug(match[2])):
            inside = len(match[1])
        if inside:
            found.append(line)
    assert found, f"{page} has no anchor #{anchor}"
    return "\n".join(found)


def test_every_item_of_every_section_is_there():
    expected = [f"{s}.{n}" for s, count in enumerate(PER_SECTION) for n in range(1, count + 1)]
    assert [record["item"] for record in ITEMS] == expected
    assert len(expected) == 460


@pytest.mark.parametrize("record", ITEMS, ids=lambda record: record["item"])
def test_the_words_that_cover_it_stand_there(record):
    assert record["kind"] in ("covered", "replaced"), record.error(f"needs {record.get('needs')}")
    page, _, anchor = record["where"].partition("#")
    assert len(record["words"].split()) >= 3, record.place
    assert record["words"] in section(page, anchor), record.place


def test_few_items_are_replaced():
    kinds = Counter(record["kind"] for record in ITEMS)
    assert kinds["covered"] > 0.85 * len(ITEMS)


def test_sections_end_where_the_next_begins(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "DOCS", tmp_path)
    (tmp_path / "a.md").write_text("# A\nzero\n## B { #b }\none\n### C, or d?\ntwo\n## E\nthree\n")
    assert section("a.md", "b") == "## B { #b }\none\n### C, or d?\ntwo"
    assert section("a.md", "c-or-d") == "### C, or d?\ntwo"
    with pytest.raises(AssertionError, match="no anchor #x"):
        section("a.md", "x")
