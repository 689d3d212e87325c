"""The order of the book, reading times, and the line under a chapter's title."""

import re
from pathlib import Path

import pytest
import yaml
from markdown import Markdown

from sitebuild.book import Book, Page
from sitebuild.claims import LIST_PAGES
from sitebuild.errors import BookError
from sitebuild.paths import PATHS, Place, minutes, paths_markdown, read_paths

ORDER = """
- page: part/a.md
  needs: []
  paths: [newcomer]
- page: part/b.md
  needs: [part/a.md]
  paths: [newcomer, mathematics]
"""


@pytest.fixture
def docs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "part").mkdir(parents=True)
    (tmp_path / "docs" / "paths.yml").write_text(ORDER)
    (tmp_path / "docs" / "part" / "a.md").write_text("# The cat { #cat }\n\n" + "meow " * 1900)
    (tmp_path / "docs" / "part" / "b.md").write_text("# The dog\n\nBark.")
    return tmp_path / "docs"


def test_minutes_count_words_and_blocks(docs):
    assert minutes(docs / "part" / "a.md") == 10
    block = "\n/// snippet | part.a\n    show: x\n///\n"
    page = docs / "part" / "b.md"
    page.write_text("---\ntitle: " + "x " * 5000 + "\n---\n# The dog\n" + block * 8)
    assert minutes(page) == 10  # six minutes of code; front matter is not read


def test_ways_through_the_book(docs):
    lines = paths_markdown(docs, "index.md")
    assert "[The cat](part/a.md) (10) → [The dog](part/b.md) (5)" in lines
    assert [line for line in lines if line.startswith("###")] == [
        f"### {title} {{ #path-{name} }}" for name, title in PATHS.items()
    ]


@pytest.mark.parametrize(("page", "told"), [
    ("part/a.md", "Chapter 1 of 2, about 10 minutes. Builds on nothing."),
    ("part/b.md", 'Chapter 2 of 2, about 5 minutes. Builds on <a href="../part/a.md">The cat</a>.'),
])  # fmt: skip
def test_a_chapter_says_its_place(docs, page, told):
    book, md = Book(), Markdown()
    book.page = Page(f"docs/{page}")
    md.treeprocessors.register(Place(md, book), "place", 10)
    html = md.convert("# Title\n\nText.")
    assert f'<h1>Title</h1>\n<p class="place">{told}</p>' in html
    assert html.endswith("<p>Text.</p>")


def test_other_pages_stay_as_they_are(docs):
    book, md = Book(), Markdown()
    book.page = Page("docs/part/c.md")
    md.treeprocessors.register(Place(md, book), "place", 10)
    assert md.convert("# Title") == "<h1>Title</h1>"


@pytest.mark.parametrize(("old", "new", "message"), [
    ("needs: []", "needs: [part/b.md]", ":2: part/a.md comes before part/b.md"),
    ("page: part/b.md", "page: part/c.md", ":5: there is no page part/c.md"),
    ("mathematics]", "poet]", ":5: no path poet; there are newcomer, practitioner"),
])  # fmt: skip
def test_an_order_that_cannot_be_read_is_refused(docs, old, new, message):
    (docs / "paths.yml").write_text(ORDER.replace(old, new))
    with pytest.raises(BookError, match=message):
        read_paths(docs)


def test_a_wrong_order_is_a_mistake_of_the_page(docs):
    (docs / "paths.yml").write_text(ORDER.replace("part/b.md", "part/c.md"))
    book, md = Book(), Markdown()
    book.page = Page("docs/part/a.md")
    md.treeprocessors.register(Place(md, book), "place", 10)
    assert md.convert("# Title") == "<h1>Title</h1>"
    assert book.mistakes == ["docs/part/a.md:1: docs/paths.yml:5: there is no page part/c.md"]


def test_the_order_is_that_of_the_menu():
    """Every chapter of mkdocs.yml, in the same order."""
    menu = re.search(r"^nav:\n(?:  .*\n)+", Path("mkdocs.yml").read_text(), re.MULTILINE)[0]
    parts = [part for section in yaml.safe_load(menu)["nav"] for part in section.values()]
    pages = [page for part in parts if isinstance(part, list) for p in part for page in p.values()]
    chapters = [page for page in pages if page.endswith(".md") and "reference/" not in page]
    expected = [page for page in chapters if page not in LIST_PAGES]
    assert [record["page"] for record in read_paths(Path("docs"))] == expected
