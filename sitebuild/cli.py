"""The command line: `python -m sitebuild run | check | report | clean`."""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from sitebuild.book import CACHE, Book, details_of, names_in
from sitebuild.errors import BookError
from sitebuild.runner import machine
from sitebuild.snippet import all_names

BUDGET = 15 * 60  # seconds for the whole book, everything cold


def main(arguments: list[str] | None = None) -> None:
    """Run one verb; the exit status is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="sitebuild", description=__doc__)
    verbs = {"run": run, "check": check, "report": report, "clean": clean}
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


def report(book: Book, names: list[str]) -> list[str]:
    """Print seconds and memory of every snippet; complain about a book over its time."""
    book.run([], names)
    mistakes = _try(names, book.result)
    rows = [(name, book.result(name)) for name in names] if not mistakes else []
    print(f"measured on {machine()}\n{'snippet':40}{'seconds':>9}{'MB':>8}")
    for name, result in sorted(rows, key=lambda row: -row[1]["seconds"]):
        print(f"{name:40}{result['seconds']:9.2f}{result['peak'] / 1e6:8.0f}")
    total = sum(result["seconds"] for _, result in rows)
    print(f"{'in all':40}{total:9.2f}{max([r['peak'] for _, r in rows], default=0) / 1e6:8.0f}")
    over = f"the book takes {total:.0f} s, over its budget of {BUDGET} s"
    return [*mistakes, over] if total > BUDGET else mistakes


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
            mistakes.append("\n".join(filter(None, (str(error), details_of(error)))))
    return mistakes
