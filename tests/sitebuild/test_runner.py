"""What programs may do to the runner, and what it says of them: one batch, run once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sitebuild.book import Book
from sitebuild.errors import SnippetFailed
from sitebuild.runner import in_order

GOOD = {
    "prints": 'if __name__ == "__main__":\n    print("hello")\n    x = 3\n',
    "from_c": (
        "import ctypes\n\nif __name__ == '__main__':\n"
        "    print('python', flush=True)\n    ctypes.CDLL(None).puts(b'from C')\n"
    ),
    "thread_left": (
        "import threading\nimport time\n\nif __name__ == '__main__':\n"
        "    threading.Thread(target=time.sleep, args=(999,), daemon=True).start()\n"
        "    threading.Timer(0.2, print, ['late']).start()\n    print('early')\n"
    ),
    "child_left": (
        "import subprocess\n\nif __name__ == '__main__':\n"
        "    child = subprocess.Popen(['sleep', '987654'])\n    child.returncode = 0\n"
        "    print('gone')\n"
    ),
    "expects": (
        "import warnings\n\nif __name__ == '__main__':\n    with warnings.catch_warnings():\n"
        "        warnings.filterwarnings('ignore', message='as we said')\n"
        "        warnings.warn('as we said')\n    print('calm')\n"
    ),
    "exits": "import sys\n\nif __name__ == '__main__':\n    print('bye')\n    sys.exit(0)\n",
    "values": (
        "import numpy as np\nimport torch\n\nif __name__ == '__main__':\n"
        "    scalar = torch.tensor(2.5)\n    count = np.int64(7)\n"
        "    rows = [{'a': (1, None), 8: True}]\n    tensor = torch.zeros(3)\n"
        "    endless = float('inf')\n    long = list(range(20_000))\n"
        "    ring = []\n    ring.append(ring)\n"
    ),
    "threads": "import torch\n\nif __name__ == '__main__':\n    n = torch.get_num_threads()\n",
    "empty_folder": "import os\n\nif __name__ == '__main__':\n    print(os.listdir('.'))\n",
    "dataclass": (
        "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass A:\n"
        "    x: int = 1\n\n\nif __name__ == '__main__':\n    print(A())\n"
    ),
}
BAD = {
    "raises": (
        'def broken():\n    raise ValueError("wanted 3, got 4")\n\n\n'
        "if __name__ == '__main__':\n    broken()\n",
        r"^snippets/part/raises.py:2: ValueError: wanted 3, got 4$",
    ),
    "leaf_raises": (
        "from snippets.part.raises import broken\n\nif __name__ == '__main__':\n    broken()\n",
        r"^snippets/part/raises.py:2: ValueError: wanted 3, got 4$",
    ),
    "endless": (
        "if __name__ == '__main__':\n    while True:\n        pass\n",
        r"^snippets/part/endless.py: the snippet took longer than its time limit of 6 s$",
    ),
    "floods": (
        "if __name__ == '__main__':\n    while True:\n        print('x' * 1000)\n",
        r"printed more than 100,000 bytes",
    ),
    "warns": (
        "import warnings\n\nif __name__ == '__main__':\n    warnings.warn('unexpected')\n",
        r"^snippets/part/warns.py:4: UserWarning: unexpected$",
    ),
    "thread_fails": (
        "import threading\n\nif __name__ == '__main__':\n"
        "    threading.Thread(target=lambda: 1 / 0).start()\n",
        r"lost on the way: in a thread: ZeroDivisionError",
    ),
    "crashes": (
        "import os\nimport signal\n\nif __name__ == '__main__':\n"
        "    os.kill(os.getpid(), signal.SIGSEGV)\n",
        r"was ended by signal 11",
    ),
    "exits_3": (
        "import sys\n\nif __name__ == '__main__':\n    sys.exit(3)\n",
        r"called sys.exit\(3\)",
    ),
    "imports_us": (
        "import importlib\n\nif __name__ == '__main__':\n"
        "    importlib.import_module('sitebuild.runner')\n",
        r"^snippets/part/imports_us.py:4: .*cannot import 'sitebuild",
    ),
    "reads_us": (
        "from pathlib import Path\n\nif __name__ == '__main__':\n"
        "    print(Path('PROJECT/notes.txt').read_text())\n",
        r"may not open a file of the project: .*notes.txt",
    ),
    "no_title": (
        "if __name__ == '__main__':\n    import matplotlib.pyplot as plt\n\n    plt.subplots()\n",
        r"figure part-no-title-1 has no title",
    ),
}


@pytest.fixture(scope="module")
def book(shared_project):
    root = shared_project.root
    (root / "notes.txt").write_text("secret")
    for name, text in GOOD.items():
        shared_project.snippet(f"part.{name}", text)
    for name, (text, _) in BAD.items():
        shared_project.snippet(f"part.{name}", text.replace("PROJECT", str(root)))
    book = Book(root / "cache", limit=6)
    book.run([], [f"part.{name}" for name in [*GOOD, *BAD]])
    return book


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("prints", "hello\n"),
        ("from_c", "python\nfrom C\n"),
        ("thread_left", "early\nlate\n"),
        ("child_left", "gone\n"),
        ("expects", "calm\n"),
        ("exits", "bye\n"),
        ("empty_folder", "[]\n"),
        ("dataclass", "A(x=1)\n"),
    ],
)
def test_what_a_program_prints_is_kept(book, name, printed):
    assert book.result(f"part.{name}")["stdout"] == printed


@pytest.mark.parametrize("name", BAD)
def test_a_bad_program_fails_with_a_sentence_that_says_why(book, name):
    with pytest.raises(SnippetFailed, match=BAD[name][1]):
        book.result(f"part.{name}")


def test_the_traceback_speaks_of_the_source_alone(book):
    with pytest.raises(SnippetFailed) as caught:
        book.result("part.leaf_raises")
    details = caught.value.details
    assert 'File "snippets/part/leaf_raises.py", line 4' in details
    assert 'File "snippets/part/raises.py", line 2' in details
    assert "sitebuild" not in details


def test_values_become_plain_numbers_and_the_rest_says_why_not(book):
    result = book.result("part.values")
    values, others = result["values"], result["others"]
    assert values["scalar"] == 2.5
    assert values["count"] == 7
    assert values["rows"] == [{"a": [1, None], "8": True}]
    assert values["endless"] == float("inf")
    assert others["tensor"] == "its type is Tensor"
    assert "20,000 items is too long" in others["long"]
    assert "recursion" in others["ring"]


def test_an_exact_program_has_one_thread(book):
    assert book.result("part.threads")["values"]["n"] == 1


def test_nothing_that_a_program_started_is_left(book):
    commands = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if _readable(p)]
    assert not [c for c in commands if b"987654" in c]


def _readable(path):
    try:
        return bool(path.read_bytes())
    except OSError:
        return False


def test_a_second_build_runs_only_what_failed(book):
    again = Book(book.runner.cache.folder, limit=6)
    again.run([], [f"part.{name}" for name in [*GOOD, "raises"]])
    assert again.runner.ran == ["part.raises"]


def test_measurers_run_last_with_all_threads(project):
    text = (
        "import torch\n\n{switch}\n\nif __name__ == '__main__':\n    n = torch.get_num_threads()\n"
    )
    for name, switch in (("a", "MEASURES = True"), ("b", "X = 1"), ("c", "MAKES = True")):
        project.snippet(f"part.{name}", text.format(switch=switch))
    project.book.run([], ["part.a", "part.b", "part.c"])
    assert project.book.runner.ran[-1] == "part.a"
    threads = {n: project.book.result(f"part.{n}")["values"]["n"] for n in "abc"}
    assert threads == {"a": len(os.sched_getaffinity(0)), "b": 1, "c": 1}


def test_while_a_model_is_made_others_run_and_those_that_need_it_come_last(project):
    demo = '\n\nif __name__ == "__main__":\n    print("done")\n'
    project.snippet("part.maker", f"MAKES = True\n\n\ndef made():\n    pass\n{demo}")
    project.snippet("part.user", f"from snippets.part.maker import made\n\nuse = made\n{demo}")
    heir = f"MAKES = True\nfrom snippets.part.maker import made\n\nuse = made\n{demo}"
    project.snippet("part.heir", heir)  # makes one model from another
    for name in ("short", "long"):
        project.snippet(f"part.{name}", demo.lstrip())
    names = ("user", "short", "heir", "maker", "long")
    programs = [project.book.program(f"part.{n}") for n in names]
    seconds = {"part.user": 99.0, "part.long": 9.0, "part.maker": 1.0}
    order = [p.name.split(".")[1] for p in in_order(programs, lambda n: seconds.get(n, 0.0))]
    assert order == ["maker", "long", "short", "heir", "user"]


def test_a_killed_build_leaves_no_process_and_no_wrong_entry(project):
    sleeper = "import time\n\nif __name__ == '__main__':\n    time.sleep(600)\n    print('never')\n"
    project.snippet("part.sleeper", sleeper)
    command = [sys.executable, "-m", "sitebuild", "run"]
    build = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _wait(lambda: len(_family(build.pid)) >= 3)  # worker, supervisor, job
    family = _family(build.pid)
    build.send_signal(signal.SIGKILL)
    build.wait()
    _wait(lambda: not any(Path("/proc", str(pid)).exists() for pid in family))
    assert not list(Path(".cache").rglob("part.sleeper*.json"))


def _family(pid):
    """List all descendants of a process."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    children = [int(child) for child in text.split()]
    return children + [grand for child in children for grand in _family(child)]


def _wait(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
