"""The glossary: its page, and links to it from the first use of a term on every chapter."""

import re
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from sitebuild.book import Book
from sitebuild.errors import BookError
from sitebuild.records import Record, link, read_records, version_of

GLOSSARY = "ecosystem/glossary.md"
SILENT = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "script", "style"}
VERBATIM = ("val", "arithmatex")  # numbers and formulas
NOT_IN = ("reference/", "ecosystem/", "labs/")  # pages about the book, and lists


def read_glossary(path: Path) -> list[Record]:
    """Read and check the terms.

    Raises:
        BookError: If a term or another spelling of it stands there twice, or the order is wrong.
    """
    records = read_records(path, ("term", "says", "see"), ("also", "ambiguous"))
    seen: dict[str, str] = {}
    last = ""
    for record in records:
        for spelling in [record["term"], *(record.get("also") or [])]:
            if spelling in seen:
                raise record.error(f"{spelling!r} stands in {seen[spelling]} already")
            seen[spelling] = record.place
        if record["term"].casefold() < last:
            raise record.error(f"{record['term']!r} comes before {last!r}")
        last = record["term"].casefold()
    return records


def slug(term: str) -> str:
    """Name a term's place on the page of the glossary."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def glossary_markdown(docs: Path, page: str) -> list[str]:
    """Write all terms under their first letters."""
    lines, letter = [], ""
    for record in read_glossary((docs / page).with_suffix(".yml")):
        first = record["term"][0].upper()
        if (first if first.isalpha() else "0–9") != letter:
            letter = first if first.isalpha() else "0–9"
            lines += ["", f"## {letter}", ""]
        also = [a for a in record.get("also") or [] if a.casefold() != record["term"].casefold()]
        other = f" <small>also {', '.join(also)}</small>" if also else ""
        lines.append(
            f"- **{record['term']}**{{ #{slug(record['term'])} }}{other}  "
            f"\n    {record['says']} {link('Read on', record['see'], page)}"
        )
    return lines


@lru_cache
def _spellings(path: Path, version: tuple[Path, int]) -> tuple[dict[str, Record], re.Pattern[str]]:
    """Give all spellings that may be linked, and the pattern that finds them, longest first."""
    terms = {
        spelling: record
        for record in read_glossary(path)
        if not record.get("ambiguous")
        for name in [record["term"], *(record.get("also") or [])]
        for spelling in {name, name[0].upper() + name[1:]}
    }
    words = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    return terms, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")


class Terms(Treeprocessor):
    """Link the first use of each term on a chapter to its sentence."""

    def __init__(self, md: Markdown, book: Book, path: Path):
        super().__init__(md)
        self.book, self.path = book, path
        self.terms: dict[str, Record] = {}
        self.pattern = re.compile("")

    def run(self, root: Element) -> None:
        """Walk over paragraphs and lists; code, links and headings are left alone."""
        page = self.book.page.path.removeprefix("docs/")
        if not page.endswith(".md") or page.startswith(NOT_IN):
            return
        try:
            self.terms, self.pattern = _spellings(self.path, version_of(self.path))
        except BookError:
            return  # there is none, or its own page says what is wrong
        explained_here = {t for t, r in self.terms.items() if r["see"].startswith(page)}
        self._walk(root, {self.terms[term]["term"] for term in explained_here}, False)

    def _walk(self, element: Element, done: set[str], inside: bool) -> None:
        inside = inside or element.tag in ("p", "li", "dd")
        if inside and element.text and not isinstance(element.text, AtomicString):
            self._link(element, None, done)
        for child in list(element):
            if child.tag not in SILENT and child.get("class") not in VERBATIM:
                self._walk(child, done, inside)
            if inside and child.tail and not isinstance(child.tail, AtomicString):
                self._link(element, child, done)

    def _link(self, parent: Element, before: Element | None, done: set[str]) -> None:
        """Link what is new in one run of text: the parent's own, or what follows a child."""
        text = (parent.text if before is None else before.tail) or ""
        position = 0 if before is None else list(parent).index(before) + 1
        start = 0
        for match in self.pattern.finditer(text):
            record = self.terms[match[0]]
            if record["term"] in done:
                continue
            done.add(record["term"])
            href = f"{self.book.page.root}ecosystem/glossary/#{slug(record['term'])}"
            made = Element("a", {"class": "term", "href": href, "title": record["says"]})
            made.text = AtomicString(match[0])
            _set_run(parent, before, text[start : match.start()])
            parent.insert(position, made)
            before, position, start = made, position + 1, match.end()
        if start:
            _set_run(parent, before, text[start:])


def _set_run(parent: Element, before: Element | None, text: str) -> None:
    """Replace the text behind a child, or the parent's own."""
    if before is None:
        parent.text = text
    else:
        before.tail = text
