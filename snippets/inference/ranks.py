"""Start several processes that work together, on this machine or, under torchrun, on many.

Source: PyTorch 2.13, https://docs.pytorch.org/docs/2.13/distributed.html; what `torchrun` puts
into the environment: https://docs.pytorch.org/docs/2.13/elastic/run.html
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import torch.distributed as dist
from torch.distributed.rendezvous import rendezvous

from snippets.inference.wire import ROLL_CALL, Wire
from snippets.tools.threads import with_threads

WAIT = 60.0  # seconds that one exchange may take; PyTorch's own default is many minutes
TOGETHER = 240.0  # seconds after which ranks that we started ourselves are ended in any case


def join_ranks(address: str, rank: int, world: int, wait: float = WAIT) -> Wire:
    """Meet the others at `address` ("env://" or "file://..."); NCCL joins GPUs, Gloo CPUs."""
    limit, cuda = timedelta(seconds=wait), torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", rank)))
    store, rank, world = next(iter(rendezvous(address, rank, world, timeout=limit)))
    group = dist.PrefixStore("group", store)
    backend = "nccl" if cuda else "gloo"
    dist.init_process_group(backend, store=group, rank=rank, world_size=world, timeout=limit)
    return Wire(rank, world, store, wait)


def run_ranks(work: Callable[..., Any], world: int, *args: Any, wait: float = WAIT) -> Any:
    """Let `world` ranks do `work(wire, *args)` together; under torchrun, be one of them.

    Returns:
        What rank 0 returns (tensors and plain values); None in other ranks under torchrun.

    Raises:
        RuntimeError: If a rank failed, with what each of them said.
    """
    if "RANK" in os.environ:  # torchrun has started us, and all others
        rank, world = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        answer = _work_as("env://", rank, world, wait, work, args)
        return answer if rank == 0 else None
    with TemporaryDirectory(prefix="ranks-") as folder:
        said = start_ranks(folder, work, world, args, wait)
        if any(said):
            raise RuntimeError("\n".join(f"rank {n}: {s}" for n, s in enumerate(said) if s))
        return torch.load(Path(folder, "answer"))


def start_ranks(
    folder: str, work: Callable[..., Any], world: int, args: Any, wait: float
) -> list[str]:
    """Start ranks on this machine; list what went wrong in each, "" if nothing did.

    As soon as one has failed, the others get a few seconds to say so, then they are ended.
    """
    fork = "forkserver" in multiprocessing.get_all_start_methods()  # imports torch once for all
    context: Any = multiprocessing.get_context("forkserver" if fork else "spawn")
    if fork:
        context.set_forkserver_preload(["torch", "torch.distributed"])
    jobs = [(folder, rank, world, wait, work, args) for rank in range(world)]
    ranks = [context.Process(target=_child, args=job, daemon=True) for job in jobs]
    end = time.monotonic() + TOGETHER
    try:
        for process in ranks:
            process.start()
        while (busy := [p.sentinel for p in ranks if p.is_alive()]) and time.monotonic() < end:
            connection.wait(busy, end - time.monotonic())
            if any(process.exitcode for process in ranks):
                end = min(end, time.monotonic() + wait + 2 * ROLL_CALL)
    finally:
        for process in ranks:
            process.kill()
            process.join()
    return [_last_words(Path(folder, f"said {n}"), p.exitcode) for n, p in enumerate(ranks)]


def _last_words(note: Path, code: int) -> str:
    if note.exists():
        return note.read_text("utf-8")
    return f"ended by signal {-code}" if code < 0 else f"ended with code {code}" if code else ""


def _child(folder: str, rank: int, world: int, wait: float, work, args) -> None:
    if sys.platform == "linux":
        os.environ["GLOO_SOCKET_IFNAME"] = "lo"  # nothing leaves this machine
    try:
        answer = _work_as(Path(folder, "meeting").as_uri(), rank, world, wait, work, args)
        if rank == 0:
            torch.save(answer, Path(folder, "answer"))
    except Exception as error:
        Path(folder, f"said {rank}").write_text(f"{type(error).__name__}: {error}", "utf-8")
        os._exit(1)


def _work_as(address: str, rank: int, world: int, wait: float, work, args) -> Any:
    wire = join_ranks(address, rank, world, wait)
    with with_threads(1):
        answer = work(wire, *args)
    dist.barrier()
    dist.destroy_process_group()
    return answer
