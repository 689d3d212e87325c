"""The last look at a page, alone; what whole pages may do wrong is in test_extension."""

import pytest
from markdown import Markdown

from sitebuild.book import Book, Page
from sitebuild.errors import BookError
from sitebuild.finish import Finish, Prose


@pytest.fixture
def book(tmp_path):
    book = Book(tmp_path)
    book.page = Page("docs/p.md", ["# T", "", "a $x$ and `#!val a.b.c`", "/// odd | block"])
    return book


def test_a_formula_is_converted_where_arithmatex_left_it(book):
    page = Finish(Markdown(), book).run('<span class="arithmatex">\\(a &lt; b\\)</span>')
    assert page.startswith('<span class="formula"><math')
    assert "&#x0003C;" in page


@pytest.mark.parametrize(
    ("left", "line"),
    [
        ("<p>#!val @3 a.b.c</p>", 3),
        ("<p>/// odd | block</p>", 4),
        ('<p>a $x <span class="val" data-from="s">3</span>$</p>', 3),
    ],
)
def test_a_leftover_is_refused_with_its_line(book, left, line):
    with pytest.raises(BookError, match=f"docs/p.md:{line}: .* was left as it was typed"):
        Finish(Markdown(), book).run(f"<h1>T</h1>\n{left}")


def test_a_finished_page_passes_unchanged(book):
    page = '<p>Costs $5, a/b // c, <code>x</code></p>\n<div data-copy="# /// script&#10;">3</div>'
    assert Finish(Markdown(), book).run(page) == page


def test_stray_tex_is_noted_but_code_and_paths_are_not(book):
    prose = Prose(Markdown(), book)
    prose.run("<p><code>\\frac</code> and C:\\a</p>")
    assert not book.mistakes
    prose.run("<p>So \\frac{a}{b} it is</p>")
    assert "stands outside a formula" in book.mistakes[0]
