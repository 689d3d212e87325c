"""What all pages share: the programs, their results and the mistakes found so far."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sitebuild.cache import Cache, Memo
from sitebuild.errors import BookError
from sitebuild.flatten import Program, flatten
from sitebuild.runner import LIMIT, Runner
from sitebuild.snippet import load

CACHE = Path(".cache/sitebuild")
NAMED = re.compile(r"^ *///\s*(?:snippet|values)\s*\|(.*)$|`#!val (\w+\.\w+)\.", re.MULTILINE)


@dataclass
class Page:
    """The page at hand: its file, its raw lines (front matter included) and the way to the root."""

    path: str = ""
    lines: list[str] = field(default_factory=list)
    skipped: int = 0  # lines of front matter, which Markdown does not see
    root: str = ""
    typed: list[int] = field(default_factory=list)  # the raw line behind each that Markdown reads
    drawn: set[str] = field(default_factory=set)  # snippets whose figures it shows

    def line_at(self, number: int) -> int:
        """Give the raw line behind a line that Markdown reads, counted from 0."""
        if number < len(self.typed):
            return self.typed[number]
        return number + 1 + self.skipped

    def line_of(self, text: str) -> int:
        """Find the first raw line that holds a text; 1 if none does."""
        lines = list(enumerate(self.lines, 1))
        found = [n for probe in (f"`{text}", text) for n, line in lines if probe in line]
        return found[0] if found else 1


class Book:
    """Programs and results, shared by the pages of one build."""

    shared: "Book | None" = None  # for a site generator that reloads its hooks at every build
    serving = False

    def __init__(self, cache: Path = CACHE, limit: float = LIMIT, keep_going: bool = False):
        self.runner = Runner(Cache(cache), limit)
        self.highlighted = Memo(cache / "highlighted.json")
        self.keep_going = keep_going  # show mistakes on the page instead of raising them
        self.page = Page()
        self.mistakes: list[str] = []
        self.programs: dict[str, Program] = {}

    def fresh(self) -> None:
        """Forget what was read from files, which may have changed since."""
        self.programs.clear()
        self.mistakes.clear()

    def program(self, name: str) -> Program:
        """Give the standalone program of a snippet, flattened once in a build."""
        if name not in self.programs:
            self.programs[name] = flatten(load(name))
        return self.programs[name]

    def result(self, name: str) -> dict[str, Any]:
        """Give what a snippet printed, drew and left in its variables."""
        return self.runner.result(self.program(name))

    def costs(self, names: Iterable[str]) -> list[tuple[str, float, float]]:
        """List name, seconds and MB at the peak of every snippet, the longest first, then all."""
        results = [(name, self.result(name)) for name in names]
        rows = [(name, r["seconds"], r["peak"] / 1e6) for name, r in results]
        rows.sort(key=lambda row: -row[1])
        total, largest = sum(row[1] for row in rows), max((row[2] for row in rows), default=0.0)
        return [*rows, ("in all", total, largest)]

    def run(self, texts: Iterable[str], names: Iterable[str] = ()) -> None:
        """Run all that these pages name, at once; mistakes wait for the page that makes them."""
        programs = []
        for name in {*names_in("\n".join(texts)), *names}:
            try:
                programs.append(self.program(name))
            except BookError:
                continue
        self.runner.run(programs)

    def mistake(self, error: BookError, line: int) -> str:
        """Note a mistake with its place; the text that stands for it on the page comes back."""
        self.mistakes.append(error.told(f"{self.page.path}:{line}: "))
        return self.mistakes[-1]


def names_in(text: str) -> list[str]:
    """List the snippets that a page names, each once, in order."""
    named: dict[str, None] = {}
    for block, inline in NAMED.findall(text):
        for reference in [inline] if inline else block.split(" + "):
            named[".".join(reference.strip().split(".")[:2])] = None
    return list(named)
