"""How fast the real model reads and writes in our code and in transformers': `make bench`.

Measures this machine; run it when nothing else does. Both sides get the same weights, write the
same number of tokens greedily, and take turns; every figure is the best of three.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import torch

from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.smollm2_file import find_smollm2

NEW, PROMPT, READ = 48, 32, 512
LOAD = """
import time
from snippets.model.smollm2 import load
import torch
imported = time.perf_counter()
load(torch.{dtype}); print(time.perf_counter() - imported)
"""
PEAK = """
import resource, torch
from snippets.model.generate import generate
from snippets.model.smollm2 import load
model, _ = load(torch.{dtype})
generate(model, torch.arange(100, {end})[None], 32)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def seconds(call, times=3):
    """Run a call and give the best time."""
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - started)
    return best


def bandwidth():
    """Measure how many bytes per second this machine reads, by adding numbers up."""
    weights = torch.randn(64_000_000)
    return weights.nbytes / seconds(weights.sum, 7)


def in_a_new_process(code, **environment):
    """Run a program and give the number that it prints."""
    command = [sys.executable, "-c", code]
    env = {**os.environ, **environment}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return float(run.stdout)


def loads():
    """Measure loading: into an empty cache folder, and from the copy there."""
    rows = []
    for dtype in ("float32", "bfloat16"):
        with tempfile.TemporaryDirectory() as folder:
            times = [
                in_a_new_process(LOAD.format(dtype=dtype), XDG_CACHE_HOME=folder) for _ in range(3)
            ]
        with tempfile.TemporaryDirectory() as folder:
            code = PEAK.format(dtype=dtype, end=100 + PROMPT)
            peaks = [round(in_a_new_process(code, XDG_CACHE_HOME=folder)) for _ in range(2)]
        cold, cached = round(times[0], 2), round(min(times[1:]), 2)
        row = {"dtype": dtype, "cold_s": cold, "cached_s": cached}
        rows.append(row | {"cold_MiB": peaks[0], "cached_MiB": peaks[1]})
    return rows


def decode(ours, theirs, batch, use_cache):
    """Measure tokens per second, all texts of a batch together, of ours and theirs."""
    ids, new = torch.randint(100, 40_000, (batch, PROMPT)), NEW if use_cache else 8
    options = {"max_new_tokens": new, "min_new_tokens": new, "do_sample": False, "pad_token_id": 2}
    calls = (
        lambda: generate(ours, ids, new, use_cache=use_cache),
        lambda: theirs.generate(ids, use_cache=use_cache, **options),
    )
    return [batch * new / seconds(call, 3 if use_cache else 1) for call in calls]


def prefill(ours, theirs, batch):
    """Measure how many tokens of a prompt are read per second, for the next token's scores."""
    ids = torch.randint(100, 40_000, (batch, READ))

    def read_ours():
        ours.predict(ours.read(ids, ours.new_cache(batch, READ))[:, -1])

    def read_theirs():
        theirs(ids, use_cache=True, logits_to_keep=1)

    return [batch * READ / seconds(call, 2) for call in (read_ours, read_theirs)]


@torch.no_grad()
def main():
    """Print all tables; a line of JSON at the end is for machines."""
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    path, speed, result = find_smollm2(), bandwidth(), {"loads": loads()}
    print(f"{torch.get_num_threads()} threads; memory is read at {speed / 1e9:.1f} GB/s")
    for row in result["loads"]:
        print(
            "load, {dtype}: cold {cold_s} s, {cold_MiB} MiB at most; cached {cached_s} s, "
            "{cached_MiB} MiB at most".format(**row)
        )
    rows = result["rows"] = []
    for dtype in (torch.float32, torch.bfloat16):
        ours, _ = load(dtype)
        theirs = AutoModelForCausalLM.from_pretrained(
            path.parent, gguf_file=path.name, dtype=dtype
        ).eval()
        weights = sum(weight.nbytes for weight in ours.parameters())
        for batch in (1, 4, 16):
            for what, pair in (
                ("decode with cache", decode(ours, theirs, batch, True)),
                ("decode without", decode(ours, theirs, batch, False)),
                ("prefill", prefill(ours, theirs, batch if batch < 16 else 4)),
            ):
                name = str(dtype).removeprefix("torch.")
                row = {"dtype": name, "batch": batch, "what": what}
                row |= {"ours": round(pair[0], 1), "theirs": round(pair[1], 1)}
                row["ratio"] = round(pair[0] / pair[1], 2)
                if what == "decode with cache":
                    row["bandwidth"] = round(weights * pair[0] / batch / speed, 2)
                rows.append(row)
                print(*(f"{key} {value}" for key, value in row.items()), sep=", ", flush=True)
        del ours, theirs
    print(f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
