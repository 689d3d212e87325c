import pytest

from sitebuild.book import Page
from sitebuild.errors import BookError
from sitebuild.render import figure, mirror_source, snippet_html, source, table_html

SNIPPET = '''
"""A snippet."""


class Pair:
    """Two things.

    More about them.
    """

    def swap(self):
        """Swap them.

        And say more.
        """

        def inner():
            """Inner.

            More.
            """

        return inner


def f():
    r"""One line."""
    return "<&>"


if __name__ == "__main__":
    # why
    print(f())
'''


@pytest.fixture
def book(project):
    project.snippet("part.a", SNIPPET)
    project.write("tests/part/test_a.py", "import x\n\n\n@mark\ndef test_f():\n    assert f\n")
    project.book.page = Page("docs/a.md", [], 0, "../../")
    return project.book


def test_docstrings_shrink_to_their_first_line_and_code_stays(book):
    text = source("part.a", "Pair")
    assert '"""Two things."""' in text
    assert '"""Swap them."""' in text
    assert '"""Inner."""' in text
    assert "more" not in text.lower()
    compile(text, "page", "exec")
    assert source("part.a", "f") == 'def f():\n    r"""One line."""\n    return "<&>"'


def test_the_demo_comes_dedented_with_its_comments(book):
    assert source("part.a", "demo") == "# why\nprint(f())"


def test_a_test_is_cut_out_with_its_decorators(book):
    assert mirror_source("part.a", "test_f") == "@mark\ndef test_f():\n    assert f"


def test_output_is_escaped_and_links_lead_to_what_is_published(book):
    html = snippet_html(book, "part.a", ["f", "demo"], [], [])
    assert "&lt;&amp;&gt;" in html
    for link in ("code/part/a.py", "code/part/test_a.py", "reference/part/#snippets.part.a"):
        assert f'href="../../{link}"' in html


def test_output_alone_folds_the_code_that_made_it(book):
    html = snippet_html(book, "part.a", ["output"], [], [])
    assert '<details class="program" data-search-exclude>' in html
    assert "&lt;&amp;&gt;" in html


def test_without_the_demo_there_is_no_output(book):
    assert "snippet-output" not in snippet_html(book, "part.a", ["f"], [], [])


def test_too_many_alternative_texts_are_refused(book):
    with pytest.raises(BookError, match="0 figures here but has 1 alt"):
        snippet_html(book, "part.a", ["demo"], [], ["a picture"])


def test_an_alternative_text_cannot_break_out_of_its_attribute():
    html = figure({"svg": "<svg viewBox>", "title": "t"}, '"><script>')
    assert "<script>" not in html


def test_numbers_stand_to_the_right():
    html = table_html([["a", "b"], ["-1.5", "x <"]], "")
    assert "<td class=number>-1.5</td><td>x &lt;</td>" in html
    assert "data-measured" not in html
    assert "measured on A, 2026" in table_html([["a"], ["1"]], "A, 2026")
