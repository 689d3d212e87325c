"""Every published program, run alone: a fresh interpreter, an empty folder, none of our packages.

The output must be what the page shows. That was computed with one thread; here are two.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from sitebuild.book import Book
from sitebuild.runner import THREADS

CODE = Path("site", "code").absolute()
PROGRAMS = [p for p in sorted(CODE.glob("*/*.py")) if not p.name.startswith("test_")]
NAMES = [f"{path.parent.name}.{path.stem}" for path in PROGRAMS]
LABS = sorted(CODE.glob("labs/*.ipynb"))
LONG = 5  # seconds; what takes longer runs in `make test-all`
HOOK = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("snippets", "sitebuild", "tests"):
            raise ModuleNotFoundError(f"refused: {name}", name=name)
sys.meta_path.insert(0, Refuse())
"""


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """Give an environment in which our own packages cannot be imported."""
    hook = tmp_path_factory.mktemp("hook")
    (hook / "sitecustomize.py").write_text(HOOK)
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "OPENBLAS_CORETYPE")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return env | {"PYTHONPATH": str(hook), "MPLBACKEND": "svg", "PYTHONUTF8": "1"}


def run(path, env, folder):
    # A thread that waits should sleep: two programs share the cores.
    env = env | dict.fromkeys(THREADS, "2") | {"OMP_WAIT_POLICY": "PASSIVE"}
    # Matplotlib says that it cannot open a window here; a reader's can.
    command = [sys.executable, "-W", "ignore:FigureCanvas", str(path)]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


@pytest.fixture(scope="session")
def outcomes(alone, tmp_path_factory, request):
    """Run all programs that are asked for, two at a time."""
    asked = [item for item in request.session.items if "name" in getattr(item, "fixturenames", [])]
    ours = [item for item in asked if item.path == Path(__file__)]
    with ThreadPoolExecutor(2) as pool:
        jobs = {}
        for name in [item.callspec.params["name"] for item in ours]:
            path = CODE / f"{name.replace('.', '/')}.py"
            jobs[name] = pool.submit(run, path, alone, tmp_path_factory.mktemp("empty"))
        return {name: job.result() for name, job in jobs.items()}


def cases():
    """List the programs, the long ones marked; those that measure do not repeat."""
    book = Book()
    results = {name: (book.program(name), book.result(name)["seconds"]) for name in NAMES}
    marks = {name: [pytest.mark.slow] if s > LONG else [] for name, (_, s) in results.items()}
    return [pytest.param(n, marks=marks[n]) for n, (p, _) in results.items() if not p.measures]


def test_there_are_programs():
    assert len(PROGRAMS) > 10, "run make site first"


def test_the_hook_refuses_us_and_nobody_else(alone, tmp_path):
    for module, code in (("sitebuild", 1), ("snippets", 1), ("torch", 0)):
        path = tmp_path / "probe.py"
        path.write_text(f"import {module}\n")
        assert run(path, alone, tmp_path).returncode == code


@pytest.mark.parametrize("name", cases())
def test_a_program_alone_prints_what_the_page_shows(name, outcomes):
    expected = (CODE / f"{name.replace('.', '/')}.txt").read_text("utf-8")
    done = outcomes[name]
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout == expected


def told_by(notebook):
    """List what each cell printed, and drew; a busy kernel may cut one print into several."""
    cells = [cell.outputs for cell in notebook.cells[2:] if cell.cell_type == "code"]
    printed = ["".join(o.text for o in some if o.output_type == "stream") for some in cells]
    drawn = [[o for o in some if o.output_type != "stream"] for some in cells]
    return printed, drawn


@pytest.mark.parametrize("path", LABS, ids=lambda path: path.stem)
def test_a_lab_runs_alone_and_repeats(path, alone, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    before = told_by(notebook)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute(env=alone | {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    assert told_by(notebook) == before
