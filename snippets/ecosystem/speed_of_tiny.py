"""How fast Tiny writes on this machine: starting over, with notes, in half the bits, for many.

Sources: the chapters on the KV cache, quantization and serving
"""

import copy
from time import thread_time

import torch

from snippets.model.generate import generate
from snippets.model.tiny import load_tiny
from snippets.model.transformer import Transformer
from snippets.tools.stopwatch import Work, in_turns
from snippets.tools.threads import with_threads

MEASURES = True
TINY_WRITES, CROWD = 96, 32  # characters for each text, texts


def writing_ways(tiny: Transformer) -> dict[str, tuple[int, Work]]:
    """Give ways to write, each with how many characters it writes."""
    one, many = torch.zeros(1, 1, dtype=torch.int64), torch.zeros(CROWD, 1, dtype=torch.int64)
    half = copy.deepcopy(tiny).bfloat16()
    return {
        "starting over": (TINY_WRITES, lambda: generate(tiny, one, TINY_WRITES, use_cache=False)),
        "with notes": (TINY_WRITES, lambda: generate(tiny, one, TINY_WRITES)),
        "with notes, bfloat16": (TINY_WRITES, lambda: generate(half, one, TINY_WRITES)),
        f"with notes, {CROWD} texts at once": (
            CROWD * TINY_WRITES, lambda: generate(tiny, many, TINY_WRITES)),
    }  # fmt: skip


if __name__ == "__main__":
    ways = writing_ways(load_tiny()[0])
    with with_threads(1):
        seconds = in_turns({name: work for name, (_, work) in ways.items()}, 3, thread_time)
    rows = [{"way": way, "speed": ways[way][0] / time} for way, time in seconds.items()]
    for row in rows:
        print("{way:32} {speed:8,.0f} characters a second".format(**row))
