"""The command line: `python -m sitebuild run | check | values | report | clean`."""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from sitebuild.book import CACHE, Book, names_in
from sitebuild.errors import BookError
from sitebuild.runner import machine
from sitebuild.snippet import all_names
from sitebuild.values import INLINE, quote

BUDGET = 15 * 60  # seconds for the whole book, everything cold


def main(arguments: list[str] | None = None) -> None:
    """Run one verb; the exit status is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="sitebuild", description=__doc__)
    verbs = {"run": run, "check": check, "values": values, "report": report, "clean": clean}
    parser.add_argument("verb", choices=verbs)
    parser.add_argument("names", nargs="*", help="snippets as part.name; all if none is given")
    options = parser.parse_args(arguments)
    mistakes = verbs[options.verb](Book(), options.names or all_names())
    for said in mistakes:
        print(said, file=sys.stderr)
    sys.exit(1 if mistakes else 0)


def run(book: Book, names: list[str]) -> list[str]:
    """Run what is stale, and print what a single snippet printed."""
    book.run([], names)
    mistakes = _try(names, book.result)
    if len(names) == 1 and not mistakes:
        print(book.result(names[0])["stdout"], end="")
    return mistakes


def check(book: Book, names: list[str]) -> list[str]:
    """Flatten every snippet and look for every name that a page uses, without running any."""
    mistakes = _try(names, book.program)
    for path in sorted(Path("docs").rglob("*.md")):
        found = _try(names_in(path.read_text("utf-8")), book.program)
        mistakes += [f"{path}: {said}" for said in found if said not in mistakes]
    return mistakes


def values(book: Book, names: list[str]) -> list[str]:
    """List every number that pages quote: where, which snippet left it, and what it is."""
    book.run([], names)
    mistakes = []
    for path in sorted(Path("docs").rglob("*.md")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for match in INLINE.finditer(line):
                reference = match["reference"].strip()
                if ".".join(reference.split(".")[:2]) not in names:
                    continue
                try:
                    print(f"{path}:{number}: {quote(reference, book.result)} = {reference}")
                except BookError as error:
                    mistakes.append(error.told(f"{path}:{number}: "))
    return mistakes


def report(book: Book, names: list[str]) -> list[str]:
    """Print seconds and memory of every snippet; complain about a book over its time."""
    book.run([], names)
    if mistakes := _try(names, book.result):
        return mistakes
    rows = book.costs(names)
    print(f"measured on {machine()}\n{'snippet':40}{'seconds':>9}{'MB':>8}")
    for name, seconds, peak in rows:
        print(f"{name:40}{seconds:9.2f}{peak:8.0f}")
    total = rows[-1][1]
    over = f"the book takes {total:.0f} s, over its budget of {BUDGET} s"
    return [over] if total > BUDGET else []


def clean(book: Book, names: list[str]) -> list[str]:
    """Remove every kept result."""
    shutil.rmtree(CACHE, ignore_errors=True)
    return []


def _try(names: list[str], step: Callable[[str], object]) -> list[str]:
    mistakes = []
    for name in names:
        try:
            step(name)
        except BookError as error:
            mistakes.append(error.told())
    return mistakes
