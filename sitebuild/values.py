"""Quote the results of snippets: `part.name.variable[index]:format`."""

import ast
import re
from collections.abc import Callable
from typing import Any

from sitebuild.errors import BookError

Results = Callable[[str], dict[str, Any]]  # snippet name -> its result
REFERENCE = re.compile(r"^(?P<snippet>\w+\.\w+)\.(?P<path>\w+(\[[^\[\]]+\])*)(:(?P<format>.*))?$")
# In backticks: #!val, the line on which it was typed (put in by the extension), the reference.
INLINE = re.compile(r"`#!\s*(?P<kind>\w+)(?: @(?P<line>\d+))?\s(?P<reference>[^`]*)`")


def quote(reference: str, results: Results) -> str:
    """Look up a value and format it.

    Raises:
        BookError: If the reference, the snippet, the variable, the index or the format is wrong.
    """
    match = REFERENCE.match(reference.strip())
    if not match:
        raise BookError(f"{reference!r} is no value; wanted part.name.variable[index]:format")
    return show(look_up(match["snippet"], match["path"], results), match["format"] or "")


def look_up(snippet: str, path: str, results: Results) -> Any:
    """Follow a variable's name and its constant indices through a snippet's result."""
    result = results(snippet)
    node = ast.parse(path, mode="eval").body
    indices: list[Any] = []
    while isinstance(node, ast.Subscript):
        try:
            indices.insert(0, ast.literal_eval(node.slice))
        except ValueError:
            raise BookError(f"{snippet}.{path}: an index must be a constant") from None
        node = node.value
    name = ast.unparse(node)
    if name not in result["values"]:
        if name in result["others"]:
            raise BookError(f"{snippet}.{name} cannot be quoted: {result['others'][name]}")
        known = ", ".join(sorted(result["values"])) or "none"
        raise BookError(f"snippet {snippet} leaves no value {name!r}; it leaves {known}")
    value = result["values"][name]
    for index in indices:
        try:
            value = value[str(index) if isinstance(value, dict) else index]
        except (KeyError, IndexError, TypeError):
            raise BookError(f"{snippet}.{path}: there is no [{index!r}] in it") from None
    return value


def show(value: Any, spec: str) -> str:
    """Format a value as Python's format() does."""
    try:
        return format(value, spec) if spec else str(value)
    except (ValueError, TypeError) as error:
        kind = type(value).__name__
        raise BookError(f"format {spec!r} does not fit a value of type {kind}: {error}") from None


def table(references: list[str], columns: str, results: Results, sort: str = "") -> list[list[str]]:
    """Lay out lists of dicts, one below the other: the headings first, then each row's texts.

    Args:
        references: `part.name.variable` of every list.
        columns: Keys, each with `:format` and `as heading` if need be.
        results: Where to look.
        sort: The key of the column by which rows are sorted; as they come if empty.
    """
    rows = [row for reference in references for row in _rows(reference, results)]
    parts = [part.strip() for part in re.split(r",\s+(?!as )", columns)]
    keys, specs, heads = [], [], []
    for part in parts:
        cell, _, head = part.partition(" as ")
        key, _, spec = cell.strip().partition(":")
        keys.append(key)
        specs.append(spec)
        heads.append(head.strip() or key.replace("_", " "))
    for key, row in ((key, row) for key in [*keys, *filter(None, [sort])] for row in rows):
        if key not in row:
            raise BookError(f"there is no column {key!r}; there are {', '.join(row)}")
    if sort:
        rows.sort(key=lambda row: row[sort])
    return [heads] + [
        [show(row[key], spec) for key, spec in zip(keys, specs, strict=True)] for row in rows
    ]


def _rows(reference: str, results: Results) -> list[dict[str, Any]]:
    snippet, path = ".".join(reference.split(".")[:2]), ".".join(reference.split(".")[2:])
    rows = look_up(snippet, path, results)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BookError(f"{reference} is no list of dicts, as a table needs")
    return rows
