"""Join a snippet and the snippets it imports into one program that needs neither.

Only the symbols that are used come along. Every line of the program remembers where it came from,
so that an error in the program can be told in terms of the source.
"""

import sys
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version

from sitebuild.cache import key_of
from sitebuild.errors import BookError
from sitebuild.snippet import ALLOWED, Chunk, Snippet, load

Part = tuple[Snippet, list[Chunk], set[str]]  # a snippet, what is used of it, the names it reads


@dataclass
class Program:
    """A standalone program: its text, where each line came from, and what it needs."""

    name: str
    text: str
    origin: list[str]  # "path:line" of the source, or "", for each line
    imports: list[str]  # statements, sorted
    needs: dict[str, str]  # distribution -> installed version
    measures: bool
    makes: bool

    @cached_property
    def key(self) -> str:
        """Give the hash under which the result is kept."""
        return key_of(self.text, self.needs)


def flatten(root: Snippet) -> Program:
    """Make the standalone program of a snippet.

    Raises:
        BookError: On a missing module or symbol, a circular import or a name clash.
    """
    order: dict[str, Snippet] = {}
    _visit(root, order, ())
    parts = _choose(root, order)
    _check_clashes(parts)
    outside = {s.outside[r] for s, _, reads in parts for r in reads if r in s.outside}
    imports = sorted(outside, key=_isort)
    blank = ("", "")
    body = [
        line
        for snippet, chunks, _ in parts
        for chunk in chunks
        for line in (blank, blank, *snippet.lines(chunk))
    ]
    tops = {statement.split()[1].split(".")[0] for statement in imports}
    needs = needs_of(tops.union(*(chunk.imports for _, chunks, _ in parts for chunk in chunks)))
    lines = [(line, "") for line in _head(root, needs, imports)] + body
    return Program(
        name=root.name,
        text="\n".join(line for line, _ in lines) + "\n",
        origin=[origin for _, origin in lines],
        imports=imports,
        needs=needs,
        measures=root.switch("MEASURES"),
        makes=root.switch("MAKES"),
    )


def _choose(root: Snippet, order: dict[str, Snippet]) -> list[Part]:
    """Choose from every snippet the chunks that the program uses."""
    wanted: dict[str, set[str]] = {name: set() for name in order}
    parts: list[Part] = []
    for snippet in reversed(order.values()):  # importers first, so wanted is complete
        chunks = snippet.used(wanted[snippet.name])
        if snippet is root:
            chunks = root.chunks + ([root.demo] if root.demo else [])
        reads = {symbol for chunk in chunks for symbol in chunk.reads}
        for symbol, (source, _) in snippet.ours.items():
            if symbol in reads:
                wanted[source].add(symbol)
        parts.insert(0, (snippet, chunks, reads))
    return parts


def _visit(snippet: Snippet, order: dict[str, Snippet], path: tuple[str, ...]) -> None:
    """Walk the imports depth first, so that what is imported stands before what imports it."""
    if snippet.name in path:
        raise BookError(f"circular import: {' -> '.join((*path, snippet.name))}")
    if snippet.name in order:
        return
    for symbol, (source, line) in snippet.ours.items():
        try:
            _visit(load(source), order, (*path, snippet.name))
            order[source].chunk(symbol)
        except BookError as error:
            raise BookError(f"{snippet.path}:{line}: {error}") from None
    order[snippet.name] = snippet


def _check_clashes(parts: list[Part]) -> None:
    """Refuse a program in which one name would have two meanings."""
    meaning: dict[str, str] = {}
    for snippet, chunks, reads in parts:
        own = {b: f"in {snippet.path}" for chunk in chunks for b in chunk.binds}
        outer = {n: f"as '{s}'" for n, s in snippet.outside.items() if n in reads}
        for symbol, says in (own | outer).items():
            if meaning.setdefault(symbol, says) != says:
                raise BookError(f"name clash: {symbol!r} is bound {meaning[symbol]} and {says}")


def needs_of(tops: set[str]) -> dict[str, str]:
    """Look up the installed version of every distribution that is imported or opened."""
    names = tops - sys.stdlib_module_names
    return {name: _installed(name) for name in sorted(names)}


@cache
def _installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        raise BookError(f"a snippet needs the package {distribution}: run 'make setup'") from None


def _isort(statement: str) -> tuple[bool, bool, str]:
    """Sort as the linter does: the standard library first, plain imports before `from`."""
    third_party = statement.split()[1].split(".")[0] in ALLOWED
    return third_party, statement.startswith("from"), statement


def _head(snippet: Snippet, needs: dict[str, str], imports: list[str]) -> list[str]:
    """Write the PEP 723 header with exact pins, the docstring and the imports."""
    pins = [f'#   "{name}=={number.split("+")[0]}",' for name, number in needs.items()]
    quote = 'r"""' if "\\" in snippet.doc else '"""'
    theirs = [statement for statement in imports if _isort(statement)[0]]
    ours = imports[: len(imports) - len(theirs)]
    return [
        "# /// script",
        '# requires-python = ">=3.11,<3.14"',
        *(["# dependencies = [", *pins, "# ]"] if pins else ["# dependencies = []"]),
        *_data_alone(needs),
        "# ///",
        f"# From The Complete Dummies' Guide to LLMs, {snippet.path.as_posix()} (MIT).",
        *f'{quote}{snippet.doc}"""'.splitlines(),
        *([""] if ours else []),
        *ours,
        *([""] if theirs else []),
        *theirs,
    ]


def _data_alone(needs: dict[str, str]) -> list[str]:
    """Tell uv to take a distribution that carries a model without what that depends on."""
    lines: list[str] = []
    for name in [name for name in needs if name not in ALLOWED]:
        lines += ["# [[tool.uv.dependency-metadata]]", f'# name = "{name}"']
        lines += [f'# version = "{needs[name]}"', "# requires-dist = []"]
    return lines
