import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from sitebuild.book import Book
from snippets.inference.ranks import run_ranks, start_ranks

PROGRAM = """
if __name__ == "__main__":
    print("sum:", run_ranks(add_ranks, 3, wait=20.0))
"""


def add_ranks(wire, more=0):
    """Add up the numbers of all ranks."""
    threads = torch.get_num_threads()
    assert threads == 1
    return int(wire.all_reduce(torch.tensor([wire.rank + more]))[0])


def refuse(wire):
    """Fail in one rank only, while the others wait for it."""
    if wire.rank == 1:
        raise ValueError("wanted butter, got margarine")
    wire.all_reduce(torch.ones(3))


def hang(wire):
    """Meet; then fail in one rank, and never come back in another."""
    wire.all_reduce(torch.ones(3))
    if wire.rank == 0:
        time.sleep(0.3)
        raise ValueError("no")
    time.sleep(600)


def fall(wire):
    """Leave with a code and without a word."""
    os._exit(7 + wire.rank)


@pytest.mark.parametrize("world", [1, 2, 5])
def test_ranks_meet_and_work(world):
    assert run_ranks(add_ranks, world, 10) == world * (world - 1) // 2 + 10 * world


def test_the_first_cause_is_told():
    with pytest.raises(RuntimeError, match="rank 1: ValueError: wanted butter, got margarine"):
        run_ranks(refuse, 2, wait=5.0)


def test_who_hangs_is_ended(tmp_path):
    start = time.monotonic()
    said = start_ranks(str(tmp_path), hang, 2, (), wait=0.5)
    assert said == ["ValueError: no", "ended by signal 9"]
    assert time.monotonic() - start < 20


def test_a_silent_end_is_told(tmp_path):
    assert start_ranks(str(tmp_path), fall, 1, (), wait=0.5) == ["ended with code 7"]


def still_there(mark):
    """List processes of which the command line or the environment holds a mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if mark.encode() in text and b"Z" not in (folder / "stat").read_bytes().split()[2:3]:
            found.append(int(folder.name))
    return found


def run_and_count_orphans(command):
    """Run a program; give what it printed if it ended well and no process stayed behind."""
    mark = f"mark{os.getpid()}x{time.monotonic_ns()}"
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"RANKS_MARK": mark, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    end = time.monotonic() + 10
    while still_there(mark) and time.monotonic() < end:
        time.sleep(0.05)
    assert still_there(mark) == []
    return done.stdout


def copy_of(name, tmp_path):
    """Write the published copy of a snippet."""
    copy = tmp_path / f"{name.rpartition('.')[2]}.py"
    copy.write_text(Book().program(name).text, "utf-8")
    return copy


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_a_copy_starts_its_ranks_and_leaves_no_orphan(tmp_path):
    copy = copy_of("inference.ranks", tmp_path)
    lines = Path(__file__).read_text("utf-8").split("def add_ranks")[1].split("\n\n\n")[0]
    copy.write_text(f"{copy.read_text('utf-8')}\n\ndef add_ranks{lines}\n\n{PROGRAM}", "utf-8")
    assert run_and_count_orphans([str(copy)]) == "sum: 3\n"


def test_torchrun_says_who_was_killed_and_ends_the_others(tmp_path):
    copy = copy_of("inference.ranks", tmp_path)
    text = """
def die(wire):
    for number in range(9):
        if wire.rank == 1 and number == 5:
            os.kill(os.getpid(), 9)
        wire.all_reduce(torch.ones(5))


if __name__ == "__main__":
    run_ranks(die, 3, wait=20.0)
"""
    copy.write_text(copy.read_text("utf-8") + text, "utf-8")
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "3", str(copy)],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 1
    assert "failed (exitcode: -9) local_rank: 1" in done.stderr
    assert time.monotonic() - start < 60
