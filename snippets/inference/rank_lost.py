"""What the others say when one rank is killed, or alive but stuck: an error, not silence.

Source: `timeout` of init_process_group, PyTorch 2.13,
https://docs.pytorch.org/docs/2.13/distributed.html
"""

import json
import os
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

import torch
from torch.distributed.constants import default_pg_timeout

from snippets.inference.ranks import start_ranks
from snippets.inference.wire import RankLost, Wire

MEASURES = True
PATIENCE = 2.0  # seconds that an exchange may take here


def add_until_lost(wire: Wire, folder: str, victim: int, how: str) -> None:
    """Add up again and again; in the sixth round the victim is "killed" or gets "stuck".

    Raises:
        RankLost: In all other ranks; each also leaves a note in `folder`.
    """
    x = torch.ones(576, device=wire.device)
    for number in range(1, 101):
        if wire.rank == victim and number == 6:
            if how == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(600)  # alive, and of no use to anybody
        start = time.monotonic()
        try:
            wire.all_reduce(x.fill_(1.0))
        except RankLost as error:
            note = {"seconds": time.monotonic() - start, "says": str(error)}
            Path(folder, f"note {wire.rank}").write_text(json.dumps(note), "utf-8")
            raise


def lose_a_rank(how: str, world: int = 3, victim: int = 1, wait: float = PATIENCE) -> list[dict]:
    """Start ranks, lose one of them; collect what the others say and after how many seconds."""
    with TemporaryDirectory(prefix="lost-") as folder:
        start_ranks(folder, add_until_lost, world, (folder, victim, how), wait)
        notes = [(rank, Path(folder, f"note {rank}")) for rank in range(world)]
        return [{"rank": r} | json.loads(note.read_text()) for r, note in notes if note.exists()]


if __name__ == "__main__":
    default_minutes = round(default_pg_timeout.total_seconds() / 60)
    slowest, rows = {}, []
    for how in ("killed", "stuck"):
        told = lose_a_rank(how)
        slowest[how] = max(note["seconds"] for note in told)
        for note in told:
            rows.append({"how": how, "rank": note["rank"], "seconds": round(note["seconds"], 1)})
            print(f"rank 1 {how}; rank {note['rank']}, {note['seconds']:.1f} s later:")
        says = told[0]["says"]
        print(fill(says, 76, initial_indent="  ", subsequent_indent="  "))
