import subprocess
import sys
from importlib.metadata import version

import pytest

from sitebuild.errors import BookError
from sitebuild.flatten import flatten
from sitebuild.snippet import load

LEAF = '''
"""A leaf."""

import math

UNUSED = math.e
SIZE = 3


def size():
    """Give the size."""
    return SIZE


def unused():
    return UNUSED
'''
TOP = r'''
"""The top, with a backslash: \n."""

from snippets.part.leaf import size

DOUBLE = 2 * size()

if __name__ == "__main__":
    print(DOUBLE)
'''


@pytest.fixture
def book(project):
    project.snippet("part.leaf", LEAF)
    project.snippet("part.top", TOP)
    return project


def test_the_program_runs_alone_and_prints_what_the_snippet_prints(book, tmp_path):
    path = tmp_path / "alone" / "top.py"
    path.parent.mkdir()
    path.write_text(flatten(load("part.top")).text)
    command = [sys.executable, "-I", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=path.parent, check=True)
    assert done.stdout == "6\n"
    assert done.stderr == ""


def test_only_what_is_used_comes_along(book):
    text = flatten(load("part.top")).text
    assert "def size" in text
    assert "UNUSED" not in text
    assert "import math" not in text
    assert "snippets.part" not in text


def test_every_line_knows_where_it_came_from(book):
    program = flatten(load("part.top"))
    for line, origin in zip(program.text.splitlines(), program.origin, strict=True):
        if origin:
            path, _, number = origin.partition(":")
            assert (book.root / path).read_text().splitlines()[int(number) - 1] == line
    assert program.text.splitlines()[program.origin.index("snippets/part/leaf.py:6")] == "SIZE = 3"


def test_a_changed_leaf_changes_exactly_the_programs_that_hold_it(book):
    book.snippet("part.other", '"""Other."""\n\nX = 1\n')
    before = {n: flatten(load(n)).text for n in ("part.leaf", "part.top", "part.other")}
    book.snippet("part.leaf", LEAF.replace("SIZE = 3", "SIZE = 4"))
    changed = {n for n, text in before.items() if flatten(load(n)).text != text}
    assert changed == {"part.leaf", "part.top"}
    before["part.top"] = flatten(load("part.top")).text
    book.snippet("part.leaf", LEAF.replace("SIZE = 3", "SIZE = 4").replace("math.e", "math.pi"))
    assert flatten(load("part.top")).text == before["part.top"], "an unused symbol changed"


def test_the_header_pins_what_is_installed(book):
    book.snippet("part.np", "import numpy as np\n\nX = np.zeros(3)\n")
    program = flatten(load("part.np"))
    assert program.needs == {"numpy": version("numpy")}
    assert f'#   "numpy=={version("numpy")}",' in program.text.splitlines()[:5]


def test_needs_sees_imports_inside_functions_and_knows_what_is_no_distribution(book):
    text = "import os\n\n\ndef f():\n    import numpy\n\n    return numpy, os\n"
    book.snippet("part.inner", text)
    assert set(flatten(load("part.inner")).needs) == {"numpy"}


def test_a_distribution_that_is_opened_is_pinned_and_comes_alone(book):
    text = "from importlib.metadata import distribution\n\n\ndef f():\n"
    book.snippet("part.data", f'{text}    return distribution("click").version\n')
    program = flatten(load("part.data"))
    assert program.needs == {"click": version("click")}
    assert '# name = "click"' in program.text
    assert "# requires-dist = []" in program.text


def test_what_is_imported_stands_before_what_imports_it_even_through_two_ways(project):
    project.snippet("part.a", "def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    project.snippet("part.b", "from snippets.part.a import one\n\nONE = one()\n")
    root = (
        "from snippets.part.a import two\nfrom snippets.part.b import ONE\n\nTHREE = two() + ONE\n"
    )
    project.snippet("part.c", root)
    namespace = {}
    exec(flatten(load("part.c")).text, namespace)
    assert namespace["THREE"] == 3


def test_a_circular_import_is_refused(project):
    project.snippet("part.a", "from snippets.part.b import B\n\nA = B\n")
    project.snippet("part.b", "from snippets.part.a import A\n\nB = A\n")
    with pytest.raises(BookError, match=r"circular import: part.a -> part.b -> part.a"):
        flatten(load("part.a"))


@pytest.mark.parametrize(
    ("other", "root"),
    [
        ("def helper():\n    return 1\n\n\ndef f():\n    return helper()\n", "def helper(): ...\n"),
        ("import math as m\n\n\ndef f():\n    return m.e\n", "import cmath as m\n\nX = m.e\n"),
        ("def f():\n    return 1\n", "import math as f\n\nX = f.e\n"),
    ],
)
def test_a_name_with_two_meanings_is_refused(project, other, root):
    project.snippet("part.other", other)
    project.snippet("part.root", f"from snippets.part.other import f\n{root}\n\nY = f()\n")
    with pytest.raises(BookError, match=r"name clash: '(helper|m|f)' is bound"):
        flatten(load("part.root"))


def test_a_missing_import_names_the_line_that_wants_it(project):
    project.snippet("part.a", '"""A."""\nfrom snippets.part.gone import f\n\nX = f\n')
    with pytest.raises(BookError, match=r"^snippets/part/a.py:2: there is no snippet 'part.gone'"):
        flatten(load("part.a"))
    project.snippet("part.gone", "def g():\n    return 1\n")
    with pytest.raises(BookError, match=r"^snippets/part/a.py:2: .*gone.py has no 'f'; it has g"):
        flatten(load("part.a"))
