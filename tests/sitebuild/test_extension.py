"""The extension under plain Python-Markdown, and every mistake that a chapter can make."""

import html
import re
import subprocess
import sys

import pytest

from sitebuild.book import Page, names_in
from sitebuild.errors import BookError

SNIPPET = '''
"""A snippet."""


def double(x):
    """Twice as much."""
    return 2 * x


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    four = double(2)
    rows = [{"name": "two", "twice": four}]
    print("twice two is", four)
    plt.subplots()[1].set_title("Nothing yet")
    plt.show()
'''
TEST = """
import pytest


@pytest.mark.parametrize("x", [1, 2])
def test_double(x):
    assert double(x) == x + x
"""
BLOCK = """
/// snippet | part.a
    show: double, demo
    proof: test_double
    alt: "Empty axes: as `#!val part.a.four` says."
///
"""


@pytest.fixture(scope="module")
def book(shared_project):
    shared_project.snippet("part.a", SNIPPET)
    shared_project.snippet("part.fails", "if __name__ == '__main__':\n    x = 1 / 0\n")
    shared_project.write("tests/part/test_a.py", TEST)
    shared_project.book.run([], ["part.a", "part.fails"])
    return shared_project


def test_no_mkdocs_is_needed():
    code = "import sitebuild.extension, sys; assert not [m for m in sys.modules if 'mkdocs' in m]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_block_shows_code_output_figure_and_proof(book):
    page = book.render("# Title\n" + BLOCK)
    text = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r'data-copy="[^"]*"', "", page)))
    assert "snippets/part/a.py" in text
    assert "def double(x):" in text
    assert "four = double(2)" in text
    assert "if __name__" not in text, "the demo comes without its if"
    assert "twice two is 4" in text
    assert "def test_double(x):" in text
    assert "How do we know?" in text
    assert 'aria-label="Empty axes: as 4 says."' in page


def test_what_is_copied_is_the_whole_program(book):
    page = book.render(BLOCK)
    copied = html.unescape(re.search(r'data-copy="([^"]*)"', page)[1])
    assert copied == book.book.program("part.a").text


def test_values_and_tables(book):
    page = book.render(
        "Twice two is **`#!val part.a.four:03d`**.\n\n"
        "/// values | part.a.rows\n    columns: name as number, twice:.1f\n///\n"
    )
    assert re.search(r"<strong><span[^>]*>004</span></strong>", page)
    assert '<th scope="col">number</th>' in page
    assert "<td class=number>4.0</td>" in page


def test_blocks_work_inside_admonitions_and_folds(book):
    inner = "\n".join("    " + line for line in BLOCK.strip().splitlines())
    page = book.render(f'!!! note "N"\n\n{inner}\n\n??? reveal "R"\n\n    `#!val part.a.four`\n')
    assert re.search(r'<div class="admonition note">.*<div class="snippet">.*</div>', page, re.S)
    assert re.search(r'<details class="reveal">.*>4</span>.*</details>', page, re.S)


def test_formulas_become_mathml(book):
    page = book.render("So $x^2$, or\n\n$$\n\\frac{a}{b}\n$$\n")
    assert page.count("<math") == 2
    assert "arithmatex" not in page


MISTAKES = {
    "missing snippet": ("/// snippet | part.gone\n    show: f\n///", 3, "no snippet 'part.gone'"),
    "missing symbol": ("/// snippet | part.a\n    show: triple\n///", 3, "has no 'triple'"),
    "missing test": (
        "/// snippet | part.a\n    show: double\n    proof: test_x\n///",
        3,
        "no test 'test_x' in tests/part/test_a.py",
    ),
    "missing alt": ("/// snippet | part.a\n    show: demo\n///", 3, "1 figures here but has 0 alt"),
    "missing option": ("/// snippet | part.a\n    proof: test_double\n///", 3, "lacks 'show: "),
    "misspelt option": ("/// snippet | part.a\n    shw: demo\n///", 3, "'shw: demo' is no option"),
    "misspelt block": ("/// snipet | part.a\n    show: demo\n///", 3, "'/// snipet | part.a' was"),
    "unclosed block": ("/// snippet | part.a\n    show: double\n\ntext", 3, "is not closed"),
    "failing snippet": ("/// snippet | part.fails\n    show: demo\n///", 3, "ZeroDivisionError"),
    "missing value": ("text\nand `#!val part.a.five`", 4, "leaves no value 'five'"),
    "bad format": ("`#!val part.a.four:.2q`", 3, "format '.2q' does not fit"),
    "misspelt inline name": ("`#!vall part.a.four`", 3, "'#!vall' is not known"),
    "misspelt sign": ("so `!val part.a.four` it is", 3, "'!val part.a.four' was left"),
    "two backticks": ("``#!val part.a.four``", 3, "was left"),
    "a repeated reference": ("`#!val part.a.four`\n\n<p>#!val part.a.four</p>", 5, "was left"),
    "two slashes": ("// snippet | part.a\n    show: demo\n//", 3, "'// snippet | part.a' was"),
    "backticks in mathematics": ("$x = `#!val part.a.four`$", 3, "was left"),
    "value in a comment": ("<!-- `#!val part.a.four` -->", 3, "was left"),
    "formula not closed": ("So $\\frac{a}{b} it is.", 3, "stands outside a formula"),
    "value in HTML": ("<p>`#!val part.a.four`</p>", 3, "was left"),
    "value in code": ("```text\n#!val part.a.four\n```", 4, "was left"),
    "value in indented code": ("    `#!val part.a.four`", 3, "was left"),
    "value in mathematics": ("$x = #!val part.a.four$", 3, "cannot stand inside mathematics"),
    "bad TeX": ("So $\\foo{a}$.", 3, "is not known"),
    "figures twice": (
        "/// snippet | part.a\n    show: output\n    alt: a\n///\n\n"
        "/// snippet | part.a\n    show: demo\n    alt: a\n///",
        8,
        "figures of part.a stand on this page already",
    ),
    "bad column": ("/// values | part.a.rows\n    columns: nme\n///", 3, "no column 'nme'"),
    "value in alt": (
        "/// snippet | part.a\n    show: demo\n    alt: `#!val part.a.six`\n///",
        3,
        "leaves no value 'six'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_line(book, mistake):
    text, line, said = MISTAKES[mistake]
    with pytest.raises(BookError) as caught:
        book.render(f"# Title\n\n{text}\n")
    assert f":{line}: " in str(caught.value)
    assert said in str(caught.value)


def test_lines_of_front_matter_count(book, monkeypatch):
    raw = ["---", "title: T", "---", "# Title", "`#!val part.a.five`"]
    monkeypatch.setattr(book.book, "page", Page("docs/x.md", raw, skipped=3))
    with pytest.raises(BookError, match="docs/x.md:5: snippet part.a leaves no value 'five'"):
        book.render("# Title\n`#!val part.a.five`\n")


def test_a_colon_in_an_alternative_text_is_just_a_colon(book):
    for alt in ("Look: an axis: empty", '"Look: an axis: empty"'):
        page = book.render(f"/// snippet | part.a\n    show: output\n    alt: {alt}\n///\n")
        assert 'aria-label="Look: an axis: empty"' in page


def test_all_mistakes_of_a_page_are_told_at_once(book):
    with pytest.raises(BookError) as caught:
        book.render("`#!val part.a.five`\n\n`#!val part.a.six`\n")
    assert "five" in str(caught.value)
    assert "six" in str(caught.value)


def test_who_serves_shows_mistakes_on_the_page_instead(book, monkeypatch):
    monkeypatch.setattr(book.book, "keep_going", True)
    page = book.render("/// snippet | part.fails\n    show: demo\n///\n\n`#!val part.a.five`\n")
    assert "ZeroDivisionError" in page
    assert "snippets/part/fails.py" in page
    assert 'class="failure"' in page
    assert len(book.book.mistakes) == 2


def test_every_list_of_a_table_is_among_the_names_of_a_page():
    text = "/// values | part.a.rows + part.b.more[2]\n    columns: x\n///\n`#!val part.c.four:d`"
    assert names_in(text) == ["part.a", "part.b", "part.c"]


def test_a_table_may_be_made_of_several_lists(book):
    page = book.render(
        "/// values | part.a.rows + part.a.rows\n    columns: name\n    sort: twice\n///\n"
    )
    assert page.count("<tr>") == 1 + 2 * len(book.book.result("part.a")["values"]["rows"])
