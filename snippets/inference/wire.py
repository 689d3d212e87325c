"""One line between ranks: it counts what it carries, and says who is lost when somebody is.

Source: PyTorch 2.13, https://docs.pytorch.org/docs/2.13/distributed.html
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

ROLL_CALL = 1.0  # seconds in which those who are left must answer


class RankLost(RuntimeError):
    """Somebody whom all others need does not answer any more."""


class Wire:
    """One rank's line to the others. Whatever it carries is written down in `log`."""

    def __init__(self, rank: int, world: int, store: dist.Store, wait: float):
        self.rank, self.world, self.store, self.wait = rank, world, store, wait
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.log: list[tuple[str, int]] = []  # kind of exchange, bytes of the tensor

    def all_reduce(self, x: Tensor) -> Tensor:
        """Replace x by its sum over all ranks, in place."""
        with self._one_exchange("all_reduce", x):
            dist.all_reduce(x)
        return x

    def broadcast(self, x: Tensor, source: int) -> Tensor:
        """Replace x by what `source` has, in place."""
        with self._one_exchange("broadcast", x):
            dist.broadcast(x, source)
        return x

    def send(self, x: Tensor, to: int) -> None:
        """Send x to one other rank."""
        with self._one_exchange("send", x):
            dist.send(x.contiguous(), to)

    def receive(self, like: Tensor, source: int) -> Tensor:
        """Wait for a tensor of the shape, dtype and device of `like`."""
        news = torch.empty_like(like, memory_format=torch.contiguous_format)
        with self._one_exchange("receive", news):
            dist.recv(news, source)
        return news

    def gather(self, value: Any) -> list[Any]:
        """Collect every rank's value, for a report; this is not written down."""
        values: list[Any] = [None] * self.world
        dist.all_gather_object(values, value)
        return values

    def carried(self, kind: str) -> int:
        """Add up the bytes of all tensors of one kind of exchange."""
        return sum(size for name, size in self.log if name == kind)

    @contextmanager
    def _one_exchange(self, kind: str, x: Tensor) -> Iterator[None]:
        self.log.append((kind, x.nbytes))
        try:
            yield
        except RuntimeError as error:
            dist.destroy_process_group()  # hang up, so that nobody waits for us
            lost = roll_call(self.store, self.rank, self.world)
            who = f"rank {', '.join(map(str, lost))} of {self.world}" if lost else "the connection"
            raise RankLost(
                f"{who} was lost in {kind} number {len(self.log)}. Look at its last words and its"
                " machine (killed? out of memory? stuck?), then start all ranks again: nobody can"
                f" go on without its share. No exchange waits longer than {self.wait:g} s."
            ) from error


def roll_call(store: dist.Store, rank: int, world: int) -> list[int]:
    """Answer on the notice board, wait a little, and list who has not answered.

    Args:
        store: A board that all ranks can reach, also when they are no longer connected.
        rank: Who is asking.
        world: How many should answer.
    """
    store.set(f"here {rank}", "yes")
    silent, end = list(range(world)), time.monotonic() + ROLL_CALL
    while silent and time.monotonic() < end:
        time.sleep(0.02)
        silent = [other for other in silent if not store.check([f"here {other}"])]
    return silent


def written_bytes() -> int | None:
    """Ask Linux how much this process has written so far, sockets included; None elsewhere."""
    table = Path("/proc/self/io")
    if not table.exists():
        return None
    return int(table.read_text("ascii").split("wchar:")[1].split()[0])
