"""A list's name on a page becomes its Markdown, whose links and values are then checked."""

import pytest
from markdown import Markdown

from sitebuild.book import Book, Page
from sitebuild.extension import SiteBuild

TERMS = """
- term: cat
  says: It meows.
  see: part/a.md
"""


@pytest.fixture
def convert(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "ecosystem").mkdir(parents=True)
    (tmp_path / "docs" / "ecosystem" / "glossary.yml").write_text(TERMS)

    def run(text):
        book = Book(keep_going=True)
        book.page = Page("docs/ecosystem/glossary.md", text.splitlines())
        html = Markdown(extensions=[SiteBuild(book=book), "attr_list"]).convert(text)
        return html, book.mistakes

    return run


def test_the_list_stands_in_the_place_of_its_name(convert):
    html, mistakes = convert("Before.\n\n/// glossary\n///\n\nAfter.")
    assert mistakes == []
    assert html.index("Before") < html.index("It meows.") < html.index("After")
    assert 'id="term-cat"' in html
    assert '<a href="../part/a.md">' in html


def test_a_slip_names_page_and_line(convert):
    _, mistakes = convert("Before.\n\n/// glossary\n\nAfter.")
    assert mistakes == [
        "docs/ecosystem/glossary.md:3: '/// glossary' is not closed by a line of ///"
    ]


def test_a_slip_in_the_list_names_its_line(convert, tmp_path):
    path = tmp_path / "docs" / "ecosystem" / "glossary.yml"
    path.write_text(TERMS.replace("says", "said"))
    _, mistakes = convert("/// glossary\n///")
    assert mistakes[0].startswith(
        "docs/ecosystem/glossary.md:1: docs/ecosystem/glossary.yml:2: the entry lacks says"
    )
