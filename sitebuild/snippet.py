"""Read one snippet file and take it apart, refusing what a snippet may not hold."""

import ast
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sitebuild.errors import BookError

# What snippets may import beside the standard library; each comes in a package of its name.
ALLOWED = ("torch", "numpy", "matplotlib", "tqdm", "filelock", "safetensors", "lancedb", "pyarrow")
ASSIGN = (ast.Assign, ast.AnnAssign)
DEFS = (ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Chunk:
    """A top-level statement: the lines it fills, the names it binds and the names it reads."""

    first: int
    last: int
    binds: frozenset[str]
    reads: frozenset[str]
    imports: frozenset[str]  # packages that it imports itself


@dataclass
class Snippet:
    """One snippet file, taken apart."""

    name: str
    path: Path
    text: str
    doc: str = ""
    chunks: list[Chunk] = field(default_factory=list)
    demo: Chunk | None = None
    outside: dict[str, str] = field(default_factory=dict)  # bound name -> import statement
    ours: dict[str, tuple[str, int]] = field(default_factory=dict)  # symbol -> (snippet, line)

    def lines(self, chunk: Chunk) -> list[tuple[str, str]]:
        """List (line, "path:number") for a chunk."""
        text = self.text.splitlines()
        return [(text[n - 1], f"{self.path}:{n}") for n in range(chunk.first, chunk.last + 1)]

    def chunk(self, symbol: str) -> Chunk:
        """Find the chunk that binds a symbol; `demo` is the main block."""
        found = self.demo if symbol == "demo" else None
        found = found or next((c for c in self.chunks if symbol in c.binds), None)
        if not found:
            known = sorted(n for c in self.chunks for n in c.binds) + ["demo"] * bool(self.demo)
            raise BookError(f"{self.path} has no {symbol!r}; it has {', '.join(known)}")
        return found

    def switch(self, name: str) -> bool:
        """Say whether the module sets a switch such as MEASURES to True."""
        return any(line.startswith(f"{name} = True") for line in self.text.splitlines())

    def used(self, symbols: set[str]) -> list[Chunk]:
        """List the chunks that bind the symbols, and what these read, in the file's order."""
        used: set[Chunk] = set()
        todo = list(symbols)
        while todo:
            symbol = todo.pop()
            for chunk in self.chunks:
                if symbol in chunk.binds and chunk not in used:
                    used.add(chunk)
                    todo += chunk.reads
        return [c for c in self.chunks if c in used]

    def _add(self, node: ast.stmt) -> None:
        """Put one top-level statement where it belongs, or refuse it."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._add_import(node)
        elif isinstance(node, DEFS):
            self.chunks.append(self._chunk(node, {node.name}))
        elif isinstance(node, ASSIGN):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            self.chunks.append(self._chunk(node, names))
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
            self.demo = self._chunk(node, set())
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            what = "imports, constants, functions, classes and one main block"
            raise BookError(f"{self.path}:{node.lineno}: a side effect; a body holds only {what}")

    def _add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            source = _source(node, alias)
            if is_from(node) and source.count(".") == 2 and source.startswith("snippets."):
                if alias.name == "*" or alias.asname:
                    raise BookError(f"{self.path}:{node.lineno}: import ours without star or alias")
                self.ours[alias.name] = (source.removeprefix("snippets."), node.lineno)
                continue
            self._check(source, node.lineno)
            start = f"from {source} import " if is_from(node) else "import "
            bound = alias.asname or alias.name.split(".")[0]
            self.outside[bound] = start + ast.unparse(alias)

    def _check(self, source: str, line: int) -> None:
        top = source.split(".")[0]
        if top == "__future__" or (top not in ALLOWED and top not in sys.stdlib_module_names):
            raise BookError(
                f"{self.path}:{line}: forbidden import of {source!r}; wanted the standard library, "
                f"one of {', '.join(ALLOWED)}, or, at the top, 'from snippets.part.name import it'"
            )

    def _chunk(self, node: ast.stmt, binds: set[str]) -> Chunk:
        """Take a statement with its decorators and the comment lines that stand on top of it."""
        first = first_line(node)
        lines = self.text.splitlines()
        while first > 1 and lines[first - 2].startswith("#"):
            first -= 1
        reads = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        last = node.end_lineno or first
        return Chunk(first, last, frozenset(binds), frozenset(reads), packages(node))


def first_line(node: ast.stmt) -> int:
    """Say on which line a statement begins, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno] + [decorator.lineno for decorator in decorators])


def is_from(node: ast.AST) -> bool:
    """Say whether a node is a `from ... import ...`."""
    return isinstance(node, ast.ImportFrom)


def packages(tree: ast.AST) -> frozenset[str]:
    """List what a tree imports (top-level packages) and opens (`distribution("name")`)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {_source(node, alias).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "distribution":
            found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant)}
    return frozenset(found)


def _source(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    return (
        "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
    )


def path_of(name: str) -> Path:
    """Say where the snippet `part.name` lies, seen from the project's root."""
    return Path("snippets", *name.split(".")).with_suffix(".py")


def all_names() -> list[str]:
    """List every snippet of the project."""
    return sorted(f"{p.parent.name}.{p.stem}" for p in Path("snippets").glob("*/*.py"))


def mirror_of(name: str) -> Path:
    """Say where the test of the snippet `part.name` lies."""
    part, module = name.split(".")
    return Path("tests", part, f"test_{module}.py")


def load(name: str) -> Snippet:
    """Read and check one snippet of the project in the working directory."""
    path = path_of(name)
    if name.count(".") != 1 or not path.is_file():
        raise BookError(f"there is no snippet {name!r}: {path} does not exist")
    return parse(name, path, path.read_text("utf-8"))


@cache
def parse(name: str, path: Path, text: str) -> Snippet:
    """Take a text apart; one that did not change is read once."""
    snippet = Snippet(name, path, text)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise BookError(f"{snippet.path}:{error.lineno}: {error.msg}") from None
    snippet.doc = ast.get_docstring(tree, clean=False) or ""
    for top in tree.body:
        snippet._add(top)
        for node in ast.walk(top):
            if node is not top and isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    snippet._check(_source(node, alias), node.lineno)
    return snippet
