"""Lists that are kept as data beside a page (`NAME.yml`) and become Markdown when it is built.

A line `/// corrections`, `/// glossary` or `/// claims`, closed by `///`, is replaced by Markdown,
before anything else reads the page: its links and values are checked like those that are typed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sitebuild.errors import BookError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where there is libyaml


@dataclass(frozen=True)
class Record:
    """One entry of a list, and where it stands."""

    fields: dict[str, Any]
    place: str  # path:line

    def __getitem__(self, key: str) -> Any:
        return self.fields[key]

    def get(self, key: str, default: Any = "") -> Any:
        """Give an optional field."""
        return self.fields.get(key, default)

    def error(self, message: str) -> BookError:
        """Say what is wrong with this entry, and where it is."""
        return BookError(f"{self.place}: {message}")


def read_records(path: Path, needed: Iterable[str], optional: Iterable[str] = ()) -> list[Record]:
    """Read a list of entries; every one has the needed fields and none that are not known.

    Raises:
        BookError: If the file is missing or no such list; it names the line.
    """
    return _read(path, version_of(path), tuple(needed), tuple(optional))


def version_of(path: Path) -> tuple[Path, int]:
    """Say which file this is and when it was changed: what was read from it is good until then.

    Raises:
        BookError: If it is missing.
    """
    try:
        return path.resolve(), path.stat().st_mtime_ns
    except FileNotFoundError:
        raise BookError(f"{path} is missing") from None


@lru_cache
def _read(
    path: Path, version: tuple[Path, int], needed: tuple[str, ...], optional: tuple[str, ...]
) -> list[Record]:
    try:
        loader = LOADER(path.read_text("utf-8"))
        top = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BookError(f"{path}:{line}: {error.problem}") from None
    if not isinstance(top, yaml.SequenceNode):
        raise BookError(f"{path}:1: wanted a list of entries")
    known = {*needed, *optional}
    records = []
    for node in top.value:
        place = f"{path}:{node.start_mark.line + 1}"
        fields = loader.construct_object(node, deep=True)
        if not isinstance(fields, dict):
            raise BookError(f"{place}: wanted 'name: value' lines, got {fields!r}")
        if missing := set(needed) - fields.keys():
            raise BookError(f"{place}: the entry lacks {', '.join(sorted(missing))}")
        if strange := fields.keys() - known:
            wanted = ", ".join(sorted(known))
            raise BookError(f"{place}: no field {', '.join(sorted(strange))}; there are {wanted}")
        records.append(Record(fields, place))
    return records


def link(text: str, where: str, page: str) -> str:
    """Write a Markdown link to `part/page.md#anchor` (from the root of the docs) from a page."""
    up = "../" * page.count("/")
    return f"[{text}]({up}{where})"


def page_text(path: Path) -> str:
    """Give what a page says, without its front matter."""
    return re.sub(r"\A---\n.*?\n---\n", "", path.read_text("utf-8"), flags=re.DOTALL)


def page_title(path: Path) -> str:
    """Give the first heading of a page."""
    found = re.search(r"^# (.+?)(?: \{.*\})?$", page_text(path), re.MULTILINE)
    return found[1] if found else path.stem
