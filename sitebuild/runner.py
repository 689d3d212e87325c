"""Run programs and give back what they printed, drew and left in their variables.

Results come from the cache where nothing changed. The others run two at a time with one thread
each; those that measure this machine run last, alone, with all its threads.
"""

import contextlib
import datetime
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from tqdm import tqdm

from sitebuild.cache import Cache, device_kind
from sitebuild.errors import SnippetFailed
from sitebuild.flatten import Program
from sitebuild.snippet import path_of

LIMIT = 300.0  # seconds for one program
PATIENCE = 4  # times that for one that makes a model: it is done once, on any machine
# glibc gives large arrays back to the system at once, and asks for them anew, page by page, in the
# next step: up to a tenth of a program's time. What does not measure this machine keeps them.
HOARD = {"MALLOC_MMAP_THRESHOLD_": str(2**32), "MALLOC_TRIM_THRESHOLD_": str(2**33)}
THREADS = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"]
SLOTS = 2  # programs or labs at a time
SHARING = HOARD | dict.fromkeys(THREADS, "1")  # environment of those that share the machine


class Runner:
    """Run programs through a cache."""

    def __init__(self, cache: Cache, limit: float = LIMIT):
        self.cache, self.limit = cache, limit
        self.failed: dict[str, SnippetFailed] = {}  # key -> error; a new text is a new key
        self.ran: list[str] = []  # names, in order of completion

    def run(self, programs: Iterable[Program]) -> None:
        """Run what is stale: what makes a shared model first, what measures last and alone."""
        stale = {p.name: p for p in programs if not self._known(p)}
        queue = in_order(list(stale.values()), self.cache.seconds)
        exact = [p for p in queue if not p.measures]
        measured = [p for p in queue if p.measures]
        quiet = not stale or not sys.stderr.isatty()
        with tqdm(total=len(stale), desc="snippets", unit="", disable=quiet) as bar:
            for group, slots, env in ((exact, SLOTS, SHARING), (measured, 1, {})):
                for program, result in _run_group(group, slots, env, self.limit):
                    bar.update()
                    self._keep(program, result)

    def result(self, program: Program) -> dict[str, Any]:
        """Give back a program's result; run it if need be.

        Raises:
            SnippetFailed: With the traceback in terms of the source.
        """
        if not self._known(program):
            self.run([program])
        if program.key in self.failed:
            raise self.failed[program.key]
        result = self.cache.get(program.name, program.key)
        assert result is not None, "a run ends with a result or a failure"
        return result | {"key": program.key}

    def _known(self, program: Program) -> bool:
        known = program.key in self.failed
        return known or self.cache.get(program.name, program.key) is not None

    def _keep(self, program: Program, result: dict[str, Any]) -> None:
        self.ran.append(program.name)
        if "failure" in result:
            self.failed[program.key] = SnippetFailed(result["failure"], result["details"])
        else:
            self.cache.put(program.name, program.key, result)


def in_order(programs: list[Program], seconds: Callable[[str], float]) -> list[Program]:
    """First what makes a model, last what would have to wait for one; the longest first."""
    makers = {p.name: f"{path_of(p.name)}:" for p in programs if p.makes}

    def place(program: Program) -> tuple[bool, bool, float]:
        others = tuple(path for name, path in makers.items() if name != program.name)
        waits = any(line.startswith(others) for line in program.origin)
        return (waits, not program.makes, -seconds(program.name))

    return sorted(programs, key=place)


def _run_group(
    programs: list[Program], slots: int, env: dict[str, str], limit: float
) -> Iterator[tuple[Program, dict[str, Any]]]:
    """Feed programs to one warm worker, so many at a time, and yield each as it ends."""
    if not programs:
        return
    with tempfile.TemporaryDirectory(prefix="sitebuild-", ignore_cleanup_errors=True) as folder:
        jobs = {p.name: _prepare(p, Path(folder), limit) for p in programs}
        waiting = {p.name: p for p in programs}
        free = threading.Semaphore(slots)
        with _worker(env) as (lines_in, lines_out):

            def feed() -> None:
                with contextlib.suppress(BrokenPipeError, ValueError):
                    for job in jobs.values():
                        free.acquire()
                        print(json.dumps(job), file=lines_in, flush=True)

            threading.Thread(target=feed, daemon=True).start()
            while waiting and (line := lines_out.readline()):
                report = json.loads(line)
                free.release()
                program = waiting.pop(report["id"])
                yield program, _collect(program, Path(jobs[program.name]["folder"]), report)
        for program in waiting.values():
            yield program, _failure(program, "was not run: the worker ended early", "")


@contextlib.contextmanager
def _worker(env: dict[str, str]) -> Iterator[tuple[IO[str], IO[str]]]:
    """Start a worker with these variables besides our own, and end it afterwards."""
    env = os.environ | {"PYTHONUTF8": "1"} | env
    command = [sys.executable, "-m", "sitebuild.worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, env=env) as worker:  # type: ignore[call-overload]
        try:
            yield worker.stdin, worker.stdout
        finally:
            worker.terminate()


def _prepare(program: Program, folder: Path, limit: float) -> dict[str, Any]:
    place = folder / program.name
    place.mkdir()
    path = _file_in(str(place), program)
    path.write_text(program.text, "utf-8")
    limit *= PATIENCE if program.makes else 1
    return {"id": program.name, "program": str(path), "folder": str(place), "limit": limit}


def _file_in(folder: str, program: Program) -> Path:
    return Path(folder, path_of(program.name).name)


def _collect(program: Program, folder: Path, report: dict[str, Any]) -> dict[str, Any]:
    """Read what a job left behind."""
    said = {n: _read(folder / n) for n in ("stdout", "stderr", "error", "result")}
    if report["end"]:
        details = "\n".join(filter(None, (said["error"], said["stderr"][-4000:])))
        return _failure(program, report["end"], details, str(folder))
    result = json.loads(said["result"]) | {
        "stdout": said["stdout"],
        "seconds": round(report["seconds"], 3),
        "peak": report["peak"],
        "device": device_kind(),
        "python": platform.python_version(),
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
    }
    return dict(result)


def _failure(program: Program, how: str, details: str, folder: str = "") -> dict[str, Any]:
    """Tell a failure in terms of the source: its last line of ours, and the traceback."""
    spots: list[str] = []

    def source(match: re.Match[str]) -> str:
        origin = program.origin[int(match[1]) - 1]
        path, _, line = origin.partition(":")
        spots.append(origin)
        return f'File "{path}", line {line}'

    inside = re.escape(str(_file_in(folder, program)))
    details = re.sub(rf'File "{inside}", line (\d+)', source, details).strip()
    last = details.splitlines()[-1] if how == "failed" and details else ""
    where = spots[-1] if spots else str(path_of(program.name))
    message = f"{where}: {last or how}" if last else f"{where}: the snippet {how}"
    return {"failure": message, "details": details}


def _read(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""


def machine() -> str:
    """Name this machine's processor and count its cores."""
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return f"{name}, {os.cpu_count()} cores"
