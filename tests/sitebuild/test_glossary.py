"""The glossary's page, and the links from first uses to it."""

import re

import pytest
from markdown import Markdown

from sitebuild.book import Book, Page
from sitebuild.errors import BookError
from sitebuild.glossary import Terms, glossary_markdown, read_glossary, slug

GOOD = """
- term: attention
  says: A way to look back.
  see: part/a.md#x
- term: head
  says: A part of attention.
  see: part/a.md
  ambiguous: true
- term: KV cache
  also: [caches, key-value cache]
  says: Notes of the past.
  see: part/b.md
"""


@pytest.fixture
def terms(tmp_path):
    path = tmp_path / "docs" / "ecosystem" / "glossary.yml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD)
    return path


def render(path, text, page="docs/part/c.md"):
    book = Book()
    book.page = Page(page, root="../../")
    md = Markdown(extensions=["admonition", "md_in_html"])
    md.treeprocessors.register(Terms(md, book, path), "terms", -5)
    return md.convert(text)


def links(html):
    return re.findall(r'<a class="term" href="([^"]+)" title="([^"]+)">([^<]+)</a>', html)


def test_the_first_use_is_linked_and_only_that(terms):
    html = render(terms, "Attention and attention. A *KV cache* and two caches, then `attention`.")
    assert links(html) == [
        ("../../ecosystem/glossary/#term-attention", "A way to look back.", "Attention"),
        ("../../ecosystem/glossary/#term-kv-cache", "Notes of the past.", "KV cache"),
    ]
    assert re.sub(r"<[^>]+>", "", html) == (
        "Attention and attention. A KV cache and two caches, then attention."
    )


@pytest.mark.parametrize("text", [
    "# Attention", "`attention`", "[attention](x.md)", "self-attention", "attentions", "a head",
])  # fmt: skip
def test_what_is_left_alone(terms, text):
    assert links(render(terms, text)) == []


@pytest.mark.parametrize(
    "page", ["docs/part/a.md", "docs/ecosystem/glossary.md", "docs/reference/x.md"]
)
def test_no_links_where_the_term_is_explained_or_in_lists(terms, page):
    assert links(render(terms, "We pay attention.", page)) == []


def test_formulas_are_left_alone(terms):
    book = Book()
    book.page = Page("docs/part/c.md")
    configs = {"pymdownx.arithmatex": {"generic": True}}
    md = Markdown(extensions=["pymdownx.arithmatex"], extension_configs=configs)
    md.treeprocessors.register(Terms(md, book, terms), "terms", -5)
    html = md.convert("Let $\\text{attention}$ be.\n\n$$\\text{attention}$$\n\nOur attention.")
    assert links(html) == [
        ("ecosystem/glossary/#term-attention", "A way to look back.", "attention")
    ]
    assert html.index("Our") < html.index("<a class")


def test_every_text_survives(terms):
    text = "- one attention **two** three caches\n- attention *x* key-value cache y\n\n> caches"
    html = render(terms, text)
    plain = render(terms.with_name("none.yml"), text)
    assert re.sub(r"</?a[^>]*>", "", html) == plain
    assert len(links(html)) == 2


def test_the_page_lists_all_terms_under_letters(terms):
    text = "\n".join(glossary_markdown(terms.parent.parent, "ecosystem/glossary.md"))
    assert re.findall(r"## (.)", text) == ["A", "H", "K"]
    assert "**KV cache**{ #term-kv-cache } <small>also caches, key-value cache</small>" in text
    assert "A way to look back. [Read on](../part/a.md#x)" in text


@pytest.mark.parametrize(("old", "new", "message"), [
    ("term: head", "term: attention", ":5: 'attention' stands in .*:2 already"),
    ("[caches,", "[head,", ":9: 'head' stands in .*:5 already"),
    ("term: head", "term: Zebra", ":9: 'KV cache' comes before 'zebra'"),
])  # fmt: skip
def test_double_or_unsorted_terms_are_refused(terms, old, new, message):
    terms.write_text(GOOD.replace(old, new))
    with pytest.raises(BookError, match=message):
        read_glossary(terms)


def test_slugs_are_plain():
    assert slug("FLOP/s (a rate)") == "term-flop-s-a-rate"
