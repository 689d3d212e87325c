"""The order of the book: how long a chapter takes, what it builds on, and three ways through."""

import math
import re
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from sitebuild.book import Book
from sitebuild.errors import BookError
from sitebuild.records import Record, link, page_text, page_title, read_records

PATHS = {
    "newcomer": "You are new to this",
    "practitioner": "You build with language models",
    "mathematics": "Show me the mathematics",
}
WORDS_A_MINUTE = 200
MINUTES_A_BLOCK = 0.75  # code that one reads, and what it printed
BLOCK = re.compile(r"^ *///.*?^ *///$", re.MULTILINE | re.DOTALL)


def read_paths(docs: Path) -> list[Record]:
    """Read the order of the chapters.

    Raises:
        BookError: If a chapter is missing, or comes before one that it builds on.
    """
    records = read_records(docs / "paths.yml", ("page", "needs", "paths"))
    seen: set[str] = set()
    for record in records:
        if not (docs / record["page"]).is_file():
            raise record.error(f"there is no page {record['page']}")
        if late := set(record["needs"]) - seen:
            raise record.error(f"{record['page']} comes before {', '.join(sorted(late))}")
        if strange := set(record["paths"]) - PATHS.keys():
            raise record.error(
                f"no path {', '.join(sorted(strange))}; there are {', '.join(PATHS)}"
            )
        seen.add(record["page"])
    return records


def page_order(docs: Path) -> dict[str, int]:
    """Number the chapters as they come in the book."""
    if not (docs / "paths.yml").is_file():
        return {}
    return {record["page"]: n for n, record in enumerate(read_paths(docs))}


def minutes(path: Path) -> int:
    """Estimate how long a page takes to read, to five minutes; folds of mathematics count too."""
    text = page_text(path)
    blocks = len(BLOCK.findall(text))
    words = len(re.findall(r"\w+", re.sub(r"`[^`]*`|\]\([^)]*\)", " x ", BLOCK.sub("", text))))
    return 5 * math.ceil((words / WORDS_A_MINUTE + blocks * MINUTES_A_BLOCK) / 5)


def paths_markdown(docs: Path, page: str) -> list[str]:
    """Write the three ways through the book, with times."""
    records, lines = read_paths(docs), []
    for name, title in PATHS.items():
        ways = [record["page"] for record in records if name in record["paths"]]
        hours = sum(minutes(docs / way) for way in ways) / 60
        lines += [f"### {title} {{ #path-{name} }}", "", f"{len(ways)} chapters, about "
                  f"{hours:.0f} hours.", ""]  # fmt: skip
        steps = [f"{link(page_title(docs / w), w, page)} ({minutes(docs / w)})" for w in ways]
        lines += [" → ".join(steps), ""]
    return lines


class Place(Treeprocessor):
    """Say under the title of a chapter how long it takes, what it builds on and whom it is for."""

    def __init__(self, md: Markdown, book: Book):
        super().__init__(md)
        self.book = book

    def run(self, root: Element) -> None:
        """Put a line behind the first heading; pages that are no chapters stay as they are."""
        folder, _, page = self.book.page.path.partition("/")
        title, docs = root.find("h1"), Path(folder)
        if title is None or not (docs / "paths.yml").is_file():
            return
        try:
            records = read_paths(docs)
        except BookError as error:  # told on the page that lists the ways through the book
            self.book.mistake(error, 1)
            return
        record = next((r for r in records if r["page"] == page), None)
        if record is not None:
            number = f"Chapter {records.index(record) + 1} of {len(records)}"
            root.insert(list(root).index(title) + 1, _place(number, record, docs, page))


def _place(number: str, record: Record, docs: Path, page: str) -> Element:
    line = Element("p", {"class": "place"})
    line.text = f"{number}, about {minutes(docs / page)} minutes. Builds on "
    before: Element | None = None
    for need in record["needs"]:
        if before is not None:
            before.tail = ", "
        before = SubElement(line, "a", {"href": "../" * page.count("/") + need})
        before.text = page_title(docs / need)
    if before is None:
        line.text += "nothing."
    else:
        before.tail = "."
    return line
