"""Lines such as `/// glossary` become the Markdown that the list beside the page holds."""

import re
from collections.abc import Callable
from pathlib import Path

from markdown import Markdown
from markdown.preprocessors import Preprocessor

from sitebuild import render
from sitebuild.book import Book
from sitebuild.claims import claims_markdown
from sitebuild.corrections import corrections_markdown
from sitebuild.errors import BookError
from sitebuild.glossary import glossary_markdown
from sitebuild.notation import notation_markdown
from sitebuild.paths import paths_markdown
from sitebuild.quiz import quiz_markdown

LISTS: dict[str, Callable[[Path, str], list[str]]] = {
    "claims": claims_markdown,
    "corrections": corrections_markdown,
    "glossary": glossary_markdown,
    "notation": notation_markdown,
    "paths": paths_markdown,
    "quiz": quiz_markdown,
}
OPENING = re.compile(rf"^/// ({'|'.join(LISTS)})$")


class Lists(Preprocessor):
    """Write the Markdown of a list in the place of its name, before anything else is read."""

    def __init__(self, md: Markdown, book: Book):
        super().__init__(md)
        self.book = book

    def run(self, lines: list[str]) -> list[str]:
        """Walk over the lines, and remember on which of them everything was typed."""
        out: list[str] = []
        typed: list[int] = []
        number = 0
        while number < len(lines):
            line = number + 1 + self.book.page.skipped
            opening, made, length = OPENING.match(lines[number]), [lines[number]], 1
            if opening:
                closed = lines[number + 1 : number + 2] == ["///"]
                made = ["", *self._list(opening[1], line, closed), ""]
                length = 2 if closed else 1
            out += made
            typed += [line] * len(made)
            number += length
        self.book.page.typed = typed
        return out

    def _list(self, kind: str, line: int, closed: bool) -> list[str]:
        docs, _, page = self.book.page.path.partition("/")
        try:
            if not closed:
                raise BookError(f"'/// {kind}' is not closed by a line of ///")
            return LISTS[kind](Path(docs), page)
        except BookError as error:
            said = render.failure_html(self.book.mistake(error, line))
            return [self.md.htmlStash.store(said)]
