"""Seconds for the next token on the real model as the text grows, with notes and without.

Source: two clocks as in Williams et al. (2009), https://doi.org/10.1145/1498765.1498785, with the
rates of the machine that built the page
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.inference.core_clock import core_seconds
from snippets.inference.machine_peaks import roof_of, roof_works
from snippets.inference.pass_cost import pass_cost
from snippets.model.cache import KVCache
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.texts import read_play
from snippets.tools.threads import with_threads

MEASURES = True
LENGTHS = (64, 128, 256, 512, 1024, 2048)  # tokens read so far, the newest included


def two_ways(model: Transformer, ids: Tensor, cache: KVCache) -> dict[str, Callable[[], Tensor]]:
    """Give two ways to the scores `(1, V)` of the token after ids `(1, T)`.

    "with": the past stands in the cache, one token comes. "without": everything is read anew.

    Args:
        model: Reads.
        ids: The text so far, with its newest token.
        cache: Holds the notes of all but the newest, and maybe of what follows.
    """

    @torch.no_grad()
    def one_token() -> Tensor:
        cache.length = ids.shape[1] - 1  # forget the newest again, and what follows
        return model.predict(model.read(ids[:, -1:], cache)[:, -1])

    @torch.no_grad()
    def whole_text() -> Tensor:
        return model.predict(model.read(ids)[:, -1])

    return {"with": one_token, "without": whole_text}


def floor_seconds(model: Transformer, tokens: int, flops: float, bandwidth: float) -> dict:
    """Foretell both by the slower clock: bytes are fetched with notes, operations done without.

    Args:
        model: In float32.
        tokens: T, the text with its newest token.
        flops: FLOP/s.
        bandwidth: byte/s.
    """
    one, whole = (pass_cost(model.config, 1, new, tokens - new) for new in (1, tokens))
    not_asked = 2 * model.embed.numel() * (tokens - 1)  # only the last token is predicted
    return {"with": one["bytes"] / bandwidth, "without": (whole["flops"] - not_asked) / flops}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    text = torch.tensor([tokenizer.encode(read_play("hamlet"))[: max(LENGTHS)]])
    rows, off = [], 0.0
    with with_threads(1), torch.no_grad():
        flops, bandwidth = roof_of(core_seconds(roof_works(), rounds=4))
        cache = model.new_cache(1, text.shape[1])
        model.read(text, cache)
        for tokens in LENGTHS:
            ways = two_ways(model, text[:, :tokens], cache)
            seconds = core_seconds(ways, rounds=3 if tokens < 500 else 1)
            rows.append({"tokens": tokens} | {way: 1 / s for way, s in seconds.items()})
            if tokens < 1_000:
                off = max(off, float((ways["with"]() - ways["without"]()).abs().max()))
    for row in rows:
        floor = floor_seconds(model, row["tokens"], flops, bandwidth)
        row |= {f"best_{way}": 1 / s for way, s in floor.items()}
        row["times"] = row["with"] / row["without"]
        print("{tokens:5} tokens: {with:5.1f} a second with notes (at best {best_with:5.1f}),"
              " {without:6.2f} without ({best_without:6.2f})".format(**row))  # fmt: skip
    off = round(off, 5)
    print(f"largest difference between the scores of both ways: {off}")

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    for color, way in enumerate(("with", "without")):
        name = f"{way} notes"
        ax.loglog(LENGTHS, [r[way] for r in rows], "o", color=f"C{color}", label=name)
        ax.loglog(LENGTHS, [r[f"best_{way}"] for r in rows], "--", color=f"C{color}")
    ax.set_xticks(LENGTHS, [f"{n:,}" for n in LENGTHS])
    ax.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    ax.minorticks_off()
    ax.legend(title="dots: measured, dashes: at best")
    ax.set(title="One more token: how fast?", xlabel="tokens so far", ylabel="tokens a second")
    plt.show()
