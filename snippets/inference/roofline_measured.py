"""A real model under the roof of the machine that built this page: prefill and decode.

Source: Williams, Waterman, Patterson (2009), "Roofline", https://doi.org/10.1145/1498765.1498785
"""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from snippets.inference.core_clock import core_seconds
from snippets.inference.machine_peaks import roof_of, roof_works
from snippets.inference.pass_cost import pass_cost
from snippets.inference.roofline import attainable_flops, ridge_point
from snippets.model.cache import KVCache
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.stopwatch import Work
from snippets.tools.threads import with_threads

MEASURES = True
PASSES = (("decode", 1, 1), ("decode", 4, 1), ("decode", 16, 1), ("decode", 64, 1),
          ("prefill", 1, 16), ("prefill", 1, 64), ("prefill", 1, 256))  # fmt: skip


def pass_works(
    model: Transformer, passes: Sequence[tuple[str, int, int]], past: int = 64
) -> dict[str, Work]:
    """Prepare passes through a model, each with a cache of its own.

    Args:
        model: Any `Transformer`.
        passes: For each pass a name, how many texts, and how many new tokens of each.
        past: Tokens in the cache, if there is one new token; a longer pass starts from nothing.

    Returns:
        For each pass, under its number, what does it.

    Raises:
        ValueError: If there is no pass, or one without text or token.
    """
    if not passes or min(min(batch, new) for _, batch, new in passes) < 1:
        raise ValueError(f"wanted passes of a text and a token at least, got {passes}")

    def once(ids: Tensor, cache: KVCache, length: int) -> None:
        cache.length = length  # what stands there does not matter for the time
        with torch.no_grad():
            model(ids, cache)

    works: dict[str, Work] = {}
    for number, (_, batch, new) in enumerate(passes):
        length = past if new == 1 else 0
        ids, cache = (
            torch.zeros(batch, new, dtype=torch.int64),
            model.new_cache(batch, length + new),
        )
        works[str(number)] = partial(once, ids, cache, length)
    return works


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    PAST = 64
    model, _ = load()
    with with_threads(1):
        seconds = core_seconds(roof_works() | pass_works(model, PASSES, PAST), rounds=3)
    flops, bandwidth = roof_of(seconds)
    ridge, rows = ridge_point(flops, bandwidth), []
    for number, (work, batch, new) in enumerate(PASSES):
        took = seconds[str(number)]
        cost = pass_cost(model.config, batch, new, PAST if new == 1 else 0)
        roof = attainable_flops(cost["intensity"], flops, bandwidth)
        rows.append({"work": work, "tokens": batch * new, "intensity": cost["intensity"],
                     "ms": took * 1e3, "gigaflops": cost["flops"] / took / 1e9,
                     "share": cost["flops"] / took / roof,
                     "busy": cost["flops"] / took / flops})  # fmt: skip
        rows[-1]["waits_for"] = "memory" if cost["intensity"] < ridge else "arithmetic"
        told = "{tokens:3} tokens, {intensity:6.2f} FLOP per byte: {ms:6.1f} ms, {gigaflops:6.1f}"
        print(f"{work:7} {told.format(**rows[-1])} GFLOP/s, {rows[-1]['share']:.0%} of its roof")
    first, last = rows[0], rows[-1]
    faster = last["gigaflops"] / first["gigaflops"]
    per_token = {"decode": first["ms"], "prefill": last["ms"] / last["tokens"]}
    times_as_long = last["ms"] / first["ms"]
    cheaper = per_token["decode"] / per_token["prefill"]
    worst_share, best_share = min(r["share"] for r in rows), max(r["share"] for r in rows)

    figure, ax = plt.subplots(figsize=(6.4, 3.8))
    xs = [0.25, ridge, 512]
    ax.loglog(xs, [attainable_flops(x, flops, bandwidth) / 1e9 for x in xs], color="C2")
    for number, work in enumerate(("decode", "prefill")):
        mine = [row for row in rows if row["work"] == work]
        ax.plot([r["intensity"] for r in mine], [r["gigaflops"] for r in mine],
                "os"[number], color=f"C{number}", label=work)  # fmt: skip
        for r in mine:
            beside = [(-3, -16), (8, -4)][number]
            ax.annotate(str(r["tokens"]), (r["intensity"], r["gigaflops"]), beside,
                        textcoords="offset points")  # fmt: skip
    ax.set_ylim(first["gigaflops"] / 2, flops / 1e9 * 2)
    ax.axvline(ridge, linestyle=":", color="C2")
    ax.text(ridge * 1.1, ax.get_ylim()[0] * 1.2, f"ridge: {ridge:.0f}")
    ax.set(xlabel="operations for each byte fetched (FLOP per byte)")
    ax.set(ylabel="billion operations a second", title="SmolLM2-135M under this machine's roof")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.legend(title="tokens in the pass", loc="upper left")
    plt.show()
