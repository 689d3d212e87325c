"""Run programs in clean forked processes; started by `runner` as `python -m sitebuild.worker`.

One warm process imports torch, numpy and Matplotlib once, then forks for every job that it reads
from standard input. A supervisor watches each job: time, size of its output, whether the build is
still alive. What a job leaves behind (threads, children) ends with it.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
import types
import warnings
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from sitebuild.errors import BookError
from sitebuild.figures import apply_style, take_figures

LARGEST = 100_000  # bytes of standard output; a page is no log file
LONGEST = 10_000  # items of a list, or characters of a text, that prose may quote


def main() -> None:
    """Read one job a line, fork a supervisor for each; end when the build ends."""
    import matplotlib.backends.backend_svg  # noqa: F401  (loaded once, shared by all jobs)
    import matplotlib.pyplot  # noqa: F401
    import numpy  # noqa: F401
    import torch._dynamo  # noqa: F401  (what the first FLOP counter or optimizer would load)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors need no funeral
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _supervise(json.loads(line))


def _supervise(job: dict[str, Any]) -> None:
    """Start the job, watch it, report how it ended in one line, and exit."""
    folder, build = Path(job["folder"]), os.getppid()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.setsid()
        _run(job, folder)
    end, usage = "", None
    while usage is None:
        pid, status, spent = os.wait4(child, os.WNOHANG)
        if pid:
            end, usage = end or _how(status), spent
        elif not end and (end := _too_much(job, folder, started, build)):
            _kill(child)
        else:
            time.sleep(0.005)
    _kill(child)
    unit = 1 if sys.platform == "darwin" else 1024
    report = {"id": job["id"], "end": end, "seconds": time.monotonic() - started}
    report["peak"] = usage.ru_maxrss * unit
    os.write(1, (json.dumps(report) + "\n").encode())
    os._exit(0)


def _too_much(job: dict[str, Any], folder: Path, started: float, build: int) -> str:
    if time.monotonic() - started > job["limit"]:
        return f"took longer than its time limit of {job['limit']:g} s"
    if (folder / "stdout").exists() and (folder / "stdout").stat().st_size > LARGEST:
        return f"printed more than {LARGEST:,} bytes"
    return "lost its build" if os.getppid() != build else ""


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return "" if code == 0 else "failed" if code > 0 else f"was ended by signal {-code}"


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _run(job: dict[str, Any], folder: Path) -> None:
    """Run one program as `__main__` in an empty folder, write what it left, and exit."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    (folder / "empty").mkdir()
    os.chdir(folder / "empty")
    code = 1
    try:
        result = _execute(job["program"], job["id"])
        (folder / "result").write_text(json.dumps(result), "utf-8")
        code = 0
    except BookError as error:
        (folder / "error").write_text(str(error), "utf-8")
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [n for n, f in enumerate(frames) if f.filename == job["program"]]
        lines = traceback.format_list(frames[inside[0] :] if inside else frames)
        lines += traceback.format_exception_only(error)
        (folder / "error").write_text("".join(lines), "utf-8")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        ctypes.CDLL(None).fflush(None)  # what C code printed
        os._exit(code)


def _execute(path: str, slug: str) -> dict[str, Any]:
    module = _clean_main(path)
    apply_style()
    import matplotlib.pyplot as plt

    plt.show = lambda *args, **kwargs: None
    lost: list[str] = []
    sys.unraisablehook = lambda hint: lost.append(f"{hint.err_msg or ''} {hint.exc_value!r}")
    threading.excepthook = lambda hint: lost.append(f"in a thread: {hint.exc_value!r}")
    warnings.resetwarnings()
    warnings.simplefilter("error")
    _refuse_project_files()
    try:
        exec(compile(Path(path).read_text("utf-8"), path, "exec"), module.__dict__)
    except SystemExit as stop:
        if stop.code:
            raise RuntimeError(f"the program called sys.exit({stop.code!r})") from None
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()  # as Python itself does at the end of a program
    if lost:
        raise BookError(f"an error was lost on the way: {'; '.join(lost)}")
    values, others = {}, {}
    for name, value in module.__dict__.items():
        if not name.startswith("_") and not isinstance(value, types.ModuleType):
            try:
                values[name] = plain(value)
            except (TypeError, RecursionError) as error:
                others[name] = str(error)
    return {"values": values, "others": others, "figures": take_figures(slug)}


def _clean_main(path: str) -> types.ModuleType:
    """Make a fresh `__main__` in a process that cannot import the project."""
    for name in [n for n in sys.modules if n.split(".")[0] in ("sitebuild", "snippets")]:
        del sys.modules[name]
    sys.meta_path.insert(0, NoProject())
    sys.path[:] = [os.path.dirname(path)] + [p for p in sys.path if p not in ("", PROJECT)]
    sys.argv = [path]
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    return module


class NoProject:
    """An import hook that refuses what a reader does not have."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Raise for the project's own packages, pass on all others."""
        if name.split(".")[0] in ("sitebuild", "snippets", "tests"):
            raise ModuleNotFoundError(f"a standalone program cannot import {name!r}", name=name)
        return None


PROJECT = os.getcwd()


def _refuse_project_files() -> None:
    """Let no program read the project, or the cache key would miss what it depends on."""
    inside, installed = PROJECT + os.sep, os.path.realpath(sys.prefix) + os.sep
    own = (installed, sys.prefix + os.sep, os.path.join(PROJECT, ".venv"))

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str):
            path = os.path.abspath(args[0])
            if path.startswith(inside) and not path.startswith(own):
                raise PermissionError(f"a snippet may not open a file of the project: {path}")

    sys.addaudithook(hook)


def plain(value: Any) -> Any:
    """Turn a result into what prose can quote, or say in a TypeError why not."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, (str, list, tuple, dict)) and len(value) > LONGEST:
        raise TypeError(f"a {type(value).__name__} of {len(value):,} items is too long to quote")
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"its type is {type(value).__name__}")


if __name__ == "__main__":
    main()
