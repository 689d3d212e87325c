"""House rules: what holds for every snippet, test and page of the book."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from sitebuild.book import names_in
from sitebuild.claims import LIST_PAGES
from sitebuild.flatten import flatten
from sitebuild.snippet import all_names, load, mirror_of, path_of

ROOT = Path(__file__).parents[1]
NAMES = all_names()
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
# Pages that list what the chapters say, and the reference, are no chapters.
LISTS = {f"docs/{page}" for page in LIST_PAGES}
CHAPTERS = [p for p in PAGES if p.count("/") == 2 and "/reference/" not in p and p not in LISTS]
ONLY_IN = {"matplotlib": "tools", "tqdm": "tools", "filelock": "tools",
           "lancedb": "retrieval", "pyarrow": "retrieval"}  # fmt: skip
LOADERS = {"model.smollm2", "model.smollm2_tokenizer", "model.minilm", "model.tiny",
           "retrieval.passage_vectors", "compression.squeezed"} & set(NAMES)  # fmt: skip


@cache
def page(path):
    return (ROOT / path).read_text("utf-8")


def test_there_are_snippets_and_pages():
    assert len(NAMES) > 10
    assert len(PAGES) > 3


@pytest.mark.parametrize("name", NAMES)
def test_a_snippet_has_its_test_and_stands_on_a_page(name):
    assert mirror_of(name).is_file(), f"{mirror_of(name)} is missing"
    shown = [path for path in PAGES if name in names_in(page(path))]
    imported = [other for other in NAMES if name in [s for s, _ in load(other).ours.values()]]
    labs = [p for p in Path("docs/labs").glob("*.py") if f"snippets.{name} " in p.read_text()]
    assert shown or imported or labs or name.startswith("tools."), "no page shows it"
    part = name.split(".")[0]
    first = [path for path in shown if not path.startswith("docs/reference/")]
    assert not first or any(path.startswith(f"docs/{part}/") for path in first)


def test_every_test_file_mirrors_something():
    for path in Path("tests").glob("*/test_*.py"):
        part, module = path.parent.name, path.stem.removeprefix("test_")
        mirrored = Path("sitebuild" if part == "sitebuild" else f"snippets/{part}", f"{module}.py")
        assert mirrored.is_file() or part == "browser", f"{path} mirrors nothing"


def test_every_module_of_sitebuild_has_its_test():
    tested_with = {"__init__", "__main__", "errors", "book"}  # through extension and command line
    for path in Path("sitebuild").glob("*.py"):
        if path.stem not in tested_with:
            assert Path("tests/sitebuild", f"test_{path.name}").is_file(), path


def test_public_names_are_unique_over_the_book():
    owners = {}
    for name in NAMES:
        for symbol in {s for chunk in load(name).chunks for s in chunk.binds}:
            if not symbol.startswith("_") and symbol not in ("MEASURES", "MAKES"):
                owners.setdefault(symbol, []).append(name)
    assert {s: o for s, o in owners.items() if len(o) > 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_packages_stay_where_they_belong(name):
    snippet, part = load(name), name.split(".")[0]
    for statement in snippet.outside.values():
        package = statement.split()[1].split(".")[0]
        assert ONLY_IN.get(package, part) == part, f"{snippet.path}: {statement}"


@pytest.mark.parametrize("name", NAMES)
def test_a_snippet_is_small(name):
    snippet = load(name)
    assert 1 <= len(snippet.text.splitlines()) <= 160
    for node in ast.walk(ast.parse(snippet.text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert lines <= 40, f"{snippet.path}:{node.lineno}: {node.name} has {lines} lines"


@pytest.mark.parametrize("name", sorted(set(NAMES) - LOADERS))
def test_a_program_is_small(name):
    """What a loader (or the bench that judges models) stands on counts only where it is shown."""
    below = set().union(*map(_below, LOADERS))
    part, free = name.split(".")[0], LOADERS | (below if name not in below else set())
    skip = tuple(f"{path_of(other)}:" for other in free)
    own = [o for o in flatten(load(name)).origin if o.startswith(f"snippets/{part}/")]
    own = [o for o in own if "facts_" not in o and not o.startswith(skip)]
    assert len(own) <= 300, f"{name} flattens to {len(own)} lines"
    assert _hops(name, free) <= 3


def _imports(name):
    return {source for source, _ in load(name).ours.values()}


def _below(name):
    """List all that a snippet stands on."""
    return _imports(name).union(*map(_below, _imports(name)))


def _hops(name, free):
    """Count how deep imports go; what another part offers is one step, like a library."""
    part = name.split(".")[0]
    sources = {s for s in _imports(name) - free if not s.startswith("tools.")}
    deeper = [_hops(s, free) if s.split(".")[0] == part else 0 for s in sources]
    return 1 + max(deeper) if sources else 0


def test_importing_snippets_has_no_side_effect():
    modules = [f"snippets.{name}" for name in NAMES]
    code = (
        "import sys, importlib, threading, matplotlib\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "import torch; seed = torch.random.get_rng_state().tolist()\n"
        "writes = []\n"
        "sys.addaudithook(lambda e, a: writes.append(a[0]) if e == 'open' and "
        "isinstance(a[0], str) and set(a[1] or '') & set('wax+') and "
        "'__pycache__' not in a[0] else None)\n"
        f"[importlib.import_module(name) for name in {modules!r}]\n"
        "assert torch.random.get_rng_state().tolist() == seed, 'random state'\n"
        "assert threading.active_count() == 1, 'threads'\n"
        "assert not writes, writes\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_code_that_was_not_run(path):
    fences = re.findall(r"^ *(?:```|~~~) *\{?\.?(\w*)", page(path), re.MULTILINE)
    assert not {"python", "py", "pycon", "pytb"} & set(fences), "python fences come from snippets"


@pytest.mark.parametrize("path", [p for p in PAGES if "/reference/" not in p])
def test_a_chapter_has_title_description_and_asks_no_other_host(path):
    text = page(path)
    head = re.match(r"---\ntitle: .+\ndescription: .+\n---\n", text)
    assert head, "front matter: title, then description"
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert not re.search(r"(?:src|@import|url\()\s*=?\s*[\"'(]?(?:https?:)?//", text)
    assert "![" not in text.replace("![](", "!["), "pictures are drawn by snippets"


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_is_whole(path):
    text = page(path)
    for part in ("!!! predict", "!!! breaks", "!!! remember", "??? math", "??? answer"):
        assert part in text, f"no {part}"
    guesses = re.findall(r"^!!! predict.*\n(?:(?: {4}.*)?\n)+(.*)", text, re.MULTILINE)
    assert all(after.startswith("??? reveal") for after in guesses), "results wait in the fold"
    assert "## Read next" in text
    assert text.count("??? answer") >= 3
    assert "    alt: " in text, "no figure"
    assert "    proof: " in text, "no proof"


def test_the_central_snippet_bears_the_chapters_name():
    for path in CHAPTERS:
        _, part, name = Path(path).with_suffix("").parts
        assert f"{part}.{name.replace('-', '_')}" in NAMES, path


def test_the_map_of_chapters_and_snippets(capsys):
    """Print the index; it fails only if a page names a snippet that is not there."""
    with capsys.disabled():
        print()
        for path in PAGES:
            names = names_in(page(path))
            assert set(names) <= set(NAMES)
            print(f"{path}: {', '.join(names) or '-'}")


def test_the_readme_draws_the_tree_as_it_is():
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```text\n(docs/.*?)```", text, re.DOTALL)
    assert block, "README draws no map"
    drawn = {line.split()[0].rstrip("/") for line in block[1].splitlines() if line.strip()}
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout  # fmt: skip
    top = {line.split("/")[0] for line in listed.splitlines()} - {".gitignore"}
    assert drawn == top


def test_every_version_in_constraints_is_exact():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.\-\[\]]+==[^=<>~]+", pin) for pin in pins)
    assert "torch==2.13.0" in pins
