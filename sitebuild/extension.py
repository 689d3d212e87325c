"""The Markdown extension: blocks, tables and values of snippets, and formulas.

It works under plain Python-Markdown; whoever builds a site tells it the page at hand (`book.page`).
"""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from sitebuild import render
from sitebuild.book import Book, Page
from sitebuild.errors import BookError
from sitebuild.finish import Finish, Prose
from sitebuild.glossary import GLOSSARY, Terms
from sitebuild.lists import Lists
from sitebuild.paths import Place
from sitebuild.snippet import all_names
from sitebuild.values import INLINE, quote, table

OPENING = re.compile(
    r"^(?P<indent> *)///\s*(?P<kind>snippet|values|report)\s*\|\s*(?P<name>\S+(?: \+ \S+)*)\s*$"
)
FENCE = re.compile(r"^ *(`{3,}|~{3,})")
OPTIONS = {
    "snippet": {"show": True, "proof": False, "alt": False},
    "values": {"columns": True, "sort": False},
    "report": {},
}
MARK = re.compile(r"#!(\s*)val ")


class Blocks(Preprocessor):
    """Replace `/// snippet` and `/// values` blocks by their HTML."""

    def __init__(self, md: Markdown, book: Book):
        super().__init__(md)
        self.book = book

    def run(self, lines: list[str]) -> list[str]:
        """Walk over the lines; what stands in a fence is left alone."""
        if not self.book.page.path:  # plain Markdown: nobody told us which page this is
            self.book.page = Page(lines=list(lines))
        if not any("///" in line or "#!val" in line for line in lines):
            return lines  # most texts are docstrings, which hold neither
        self.book.run(["\n".join(lines)])
        line_at = self.book.page.line_at
        lines = [MARK.sub(rf"#!\1val @{line_at(n)} ", line) for n, line in enumerate(lines)]
        out: list[str] = []
        fence, number = "", 0
        while number < len(lines):
            line = lines[number]
            if match := FENCE.match(line):
                fence = "" if fence and match[1].startswith(fence) else fence or match[1]
            opening = None if fence else OPENING.match(line)
            if not opening:
                out.append(line)
                number += 1
                continue
            end = number + 1
            while end < len(lines) and lines[end].strip() and lines[end].strip() != "///":
                end += 1
            closed = end < len(lines) and lines[end].strip() == "///"
            body = self._html(opening, lines[number + 1 : end], number, closed)
            out += ["", opening["indent"] + self.md.htmlStash.store(body), ""]
            number = end + 1
        return out

    def _html(self, opening: re.Match[str], lines: list[str], number: int, closed: bool) -> str:
        try:
            if not closed:
                raise BookError("this block is not closed by a line of ///")
            options = _options(opening["kind"], lines)
            return self._block(opening["kind"], opening["name"], options)
        except BookError as error:
            line = self.book.page.line_at(number)
            return render.failure_html(self.book.mistake(error, line))

    def _block(self, kind: str, name: str, options: dict[str, list[str]]) -> str:
        book = self.book
        if kind == "snippet":
            alts = [_fill(alt, book) for alt in options["alt"]]
            show, proof = (_words(options[key]) for key in ("show", "proof"))
            return render.snippet_html(book, name, show, proof, alts)
        if kind == "report":
            return render.report_html(book, all_names())
        lists = name.split(" + ")
        sort = options["sort"][0] if options["sort"] else ""
        rows = table(lists, options["columns"][0], book.result, sort)
        measured = [source for source in map(_snippet_of, lists) if book.program(source).measures]
        results = map(book.result, measured[:1])
        note = next((f"{result['machine']}, {result['date']}" for result in results), "")
        return render.table_html(rows, note)


def _options(kind: str, lines: list[str]) -> dict[str, list[str]]:
    """Read `key: value` lines; a colon in a value is just a colon."""
    known = OPTIONS[kind]
    options: dict[str, list[str]] = {key: [] for key in known}
    for line in lines:
        key, colon, value = (part.strip() for part in line.partition(":"))
        if key not in known or not colon or not value:
            wanted = " or ".join(f"'{name}: ...'" for name in known)
            raise BookError(f"in a {kind} block, {line.strip()!r} is no option; wanted {wanted}")
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        options[key].append(value)
    for key, needed in known.items():
        if needed and not options[key]:
            raise BookError(f"this {kind} block lacks '{key}: ...'")
    return options


def _snippet_of(reference: str) -> str:
    return ".".join(reference.split(".")[:2])


def _words(values: list[str]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _fill(text: str, book: Book) -> str:
    return INLINE.sub(lambda match: _quote(match, book), text)


def _quote(match: re.Match[str], book: Book) -> str:
    if match["kind"] != "val":
        raise BookError(f"'#!{match['kind']}' is not known; wanted '#!val part.name.variable'")
    return quote(match["reference"], book.result)


class Values(InlineProcessor):
    """Replace `#!val ...` in backticks by the value."""

    def __init__(self, md: Markdown, book: Book):
        super().__init__(r"(?<![`\\])" + INLINE.pattern + r"(?!`)", md)
        self.book = book

    def handleMatch(  # type: ignore[override]  # noqa: N802  (the name is Markdown's)
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element, int, int]:
        """Quote the value, with the snippet that computed it as a hint."""
        book, name = self.book, ".".join(m["reference"].split(".")[:2])
        span = ElementTree.Element("span", {"class": "val", "data-from": f"snippets.{name}"})
        try:
            span.text = AtomicString(_quote(m, book))
            if book.program(name).measures:
                span.set("data-measured", "")
        except BookError as error:
            line = int(m["line"] or book.page.line_of(m[0]))
            span.text = AtomicString(book.mistake(error, line))
            span.set("class", "failure")
        return span, m.start(0), m.end(0)


class SiteBuild(Extension):
    """Register the processors."""

    def __init__(self, **kwargs: Any):
        self.config = {"book": ["", "the Book that all pages share"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (the name is Markdown's)
        """Run blocks before fences are read, values before code spans, the check at the end."""
        book = self.getConfig("book") or Book()
        md.registerExtension(self)
        md.preprocessors.register(Lists(md, book), "snippet-lists", 28)
        md.preprocessors.register(Blocks(md, book), "snippet-blocks", 27)
        md.inlinePatterns.register(Values(md, book), "snippet-values", 195)
        terms = Path("docs", GLOSSARY).with_suffix(".yml")
        md.treeprocessors.register(Place(md, book), "chapter-place", 10)
        md.treeprocessors.register(Terms(md, book, terms), "glossary-terms", -5)
        md.postprocessors.register(Prose(md, book), "snippet-prose", 35)
        md.postprocessors.register(Finish(md, book), "snippet-finish", -10)


def makeExtension(**kwargs: Any) -> SiteBuild:  # noqa: N802  (the name is Markdown's)
    """Let Markdown find the extension by its name."""
    return SiteBuild(**kwargs)
