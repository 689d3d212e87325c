"""The last look at a page: formulas become MathML, and nothing stays as it was typed."""

import html
import re

from markdown import Markdown
from markdown.postprocessors import Postprocessor

from sitebuild import render
from sitebuild.book import Book
from sitebuild.errors import BookError
from sitebuild.mathml import to_mathml

FORMULA = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)
# What must not reach a reader: a value, a block or a formula as it was typed.
LEFTOVERS = [
    re.compile(r"(?:#!\s*\w|(?<![\w#])!val\b)[^<`]*"),
    re.compile(
        r"^(?:<[^>]+>)*\s*/{3,}.*|^(?:<[^>]+>)*\s*//+ *(?:snippet|values)\b.*", re.MULTILINE
    ),
    re.compile(r"\$[^$<\n]*<span class=.val.[^>]*>[^<]*</span>[^$<\n]*\$"),
]
VERBATIM = re.compile(
    r"<code>.*?</code>|<(span|div) class=.arithmatex.>.*?</\1>|<[^>]+>", re.DOTALL
)
TEX = re.compile(r"\\[a-zA-Z]{2,}.{0,40}")


class Finish(Postprocessor):
    """Turn formulas into MathML, then refuse a page on which anything was left as it was typed."""

    def __init__(self, md: Markdown, book: Book):
        super().__init__(md)
        self.book = book

    def run(self, text: str) -> str:
        """Work on the finished HTML."""
        book = self.book
        text = FORMULA.sub(self._formula, text)
        for left in [found for kind in LEFTOVERS for found in kind.findall(text)]:
            self._refuse(left)
        if book.mistakes and not book.keep_going:
            said = "\n".join(book.mistakes)
            book.mistakes.clear()
            raise BookError(said)
        return text

    def _refuse(self, left: str) -> None:
        """Note what was left as it was typed, with the line on which that was."""
        book, before = self.book, left.split("<span class")[0]
        typed = html.unescape(re.sub(r"<[^>]+>", "", left)).strip()
        mark, typed = re.search(r" @(\d+)", typed), re.sub(r" @\d+", "", typed)
        if typed == "///" and book.mistakes:
            return  # it closes a block that was refused already
        start = html.unescape(before).strip() if before != left else typed[:30]
        line = int(mark[1]) if mark else book.page.line_of(start)
        reason = "was left as it was typed: no such block, or a value in HTML, code or a formula"
        book.mistake(BookError(f"{typed[:60]!r} {reason}"), line)

    def _formula(self, match: re.Match[str]) -> str:
        tex = html.unescape(match[3]).strip()
        try:
            formula = to_mathml(tex, display=match[2] == "[")
            return f'<{match[1]} class="formula">{formula}</{match[1]}>'
        except BookError as error:
            mark = re.search(r" @(\d+) ", tex)
            line = int(mark[1]) if mark else self.book.page.line_of(tex.splitlines()[0])
            return render.failure_html(self.book.mistake(error, line))


class Prose(Postprocessor):
    """Refuse TeX that stands outside a formula, before blocks and fences are put back in."""

    def __init__(self, md: Markdown, book: Book):
        super().__init__(md)
        self.book = book

    def run(self, text: str) -> str:
        """Look at what Markdown itself made of the page."""
        for tex in TEX.findall(html.unescape(VERBATIM.sub("", text)) if "\\" in text else ""):
            said = f"{tex!r} stands outside a formula: a $ is missing"
            self.book.mistake(BookError(said), self.book.page.line_of(tex[:20]))
        return text
