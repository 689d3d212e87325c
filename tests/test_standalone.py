"""Every published program, run alone: a process of its own, an empty folder, none of our packages.

The output must be what the page shows. That was computed with one thread; here are two. The
process has PyTorch imported already (see `fork_server`), except in `make test-all`, which starts
every interpreter afresh.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import nbformat
import pytest
from nbclient import NotebookClient

from sitebuild.book import Book
from sitebuild.runner import THREADS

CODE = Path("site", "code").absolute()
PROGRAMS = [p for p in sorted(CODE.glob("*/*.py")) if not p.name.startswith("test_")]
NAMES = [f"{path.parent.name}.{path.stem}" for path in PROGRAMS]
LABS = sorted(CODE.glob("labs/*.ipynb"))
LONG_LABS = ("a_lora_of_your_own", "weigh_a_quantized_model")
LONG = 3  # seconds; what takes longer runs in `make test-all`
HOOK = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("snippets", "sitebuild", "tests"):
            raise ModuleNotFoundError(f"refused: {name}", name=name)
sys.meta_path.insert(0, Refuse())
"""

PROBE = """
import os, sys
print([name for name in globals() if "__" not in name], __name__, __file__)
print(sys.argv, os.getcwd(), sys.path)
print("oops", file=sys.stderr)
import torch
print(torch.get_num_threads())
try:
    import snippets
except ModuleNotFoundError as error:
    print(error)
sys.exit(3)
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


class ForkServer:
    """A process that has done the slow imports and forks for each program."""

    def __init__(self, env):
        env = env | dict.fromkeys(THREADS, "2") | {"OMP_WAIT_POLICY": "PASSIVE"}
        command = [sys.executable, "-W", "ignore:FigureCanvas", str(Path("tests/fork_server.py"))]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=env, **pipes)

    def run(self, path, folder):
        """Run a program in a folder; as `run` does."""
        told = [folder.parent / f"{folder.name}.{stream}" for stream in ("out", "err")]
        request = [str(part) for part in (path, folder, *told)]
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return subprocess.CompletedProcess(path, code, *(part.read_text("utf-8") for part in told))

    def close(self):
        """Let it end."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def outcomes(alone, tmp_path_factory, request):
    """Run all programs that are asked for, two at a time."""
    asked = [item for item in request.session.items if "name" in getattr(item, "fixturenames", [])]
    names = [item.callspec.params["name"] for item in asked if item.path == Path(__file__)]
    places = {name: CODE / f"{name.replace('.', '/')}.py" for name in names}
    folders = {name: tmp_path_factory.mktemp("empty") for name in names}
    if request.config.option.markexpr == "not slow":
        return run_forked(alone, places, folders)
    with ThreadPoolExecutor(2) as pool:
        jobs = {n: pool.submit(run, path, alone, folders[n]) for n, path in places.items()}
        return {name: job.result() for name, job in jobs.items()}


def run_forked(env, places, folders):
    """Let two servers take one program after the other from the same list."""
    servers: Queue = Queue()
    for _ in range(2):
        servers.put(ForkServer(env))

    def run_one(name):
        server = servers.get()
        try:
            return server.run(places[name], folders[name])
        finally:
            servers.put(server)

    with ThreadPoolExecutor(2) as pool:
        done = dict(zip(places, pool.map(run_one, places), strict=True))
    for _ in range(2):
        servers.get().close()
    return done


def cases():
    """List the programs, the long ones marked; those that measure do not repeat."""
    book = Book()
    results = {name: (book.program(name), book.result(name)["seconds"]) for name in NAMES}
    marks = {name: [pytest.mark.slow] if s > LONG else [] for name, (_, s) in results.items()}
    return [pytest.param(n, marks=marks[n]) for n, (p, _) in results.items() if not p.measures]


def test_there_are_programs():
    assert len(PROGRAMS) > 10, "run make site first"


def test_a_forked_program_finds_what_a_fresh_one_finds(alone, tmp_path):
    """Names, arguments, folder, module search, exit code and errors; and no name of ours."""
    probe = tmp_path / "probe.py"
    probe.write_text(PROBE)
    folder = tmp_path / "empty"
    folder.mkdir()
    server = ForkServer(alone)
    forked, again, fresh = (
        server.run(probe, folder),
        server.run(probe, folder),
        run(probe, alone, folder),
    )
    server.close()
    for done in (forked, again):
        assert (done.returncode, done.stderr) == (fresh.returncode, fresh.stderr) == (3, "oops\n")
        assert done.stdout == fresh.stdout


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


def labs():
    """List the labs, the long ones marked: a build has run the same cells already."""
    marks = {path: [pytest.mark.slow] if path.stem in LONG_LABS else [] for path in LABS}
    return [pytest.param(path, marks=marks[path], id=path.stem) for path in LABS]


@pytest.mark.parametrize("path", labs())
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
