"""Where the knee is: the time of one layer's products against the number of tokens, and a forecast.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022, section "batch
sizes", https://kipp.ly/transformer-inference-arithmetic/; the sizes: Llama 3 8B
"""

from collections.abc import Sequence

import torch
from torch.nn.functional import linear

from snippets.inference.core_clock import core_seconds
from snippets.inference.machine_peaks import roof_of, roof_works
from snippets.inference.roofline import break_even_tokens, forward_time
from snippets.tools.stopwatch import Work
from snippets.tools.threads import with_threads

MEASURES = True
KNEE_BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)


def layer_works(d_model: int, d_ffn: int, batches: Sequence[int]) -> dict[str, Work]:
    """Prepare to send tokens, one a row, through two linear layers, up and down.

    Args:
        d_model: Width of the stream.
        d_ffn: Width inside; the two matrices together hold 2 x d_model x d_ffn weights, float32.
        batches: How many tokens go through at once.

    Returns:
        For each batch, under its number, what does it.

    Raises:
        ValueError: If a size is below 1 or there is no batch.
    """
    if d_model < 1 or d_ffn < 1 or not batches or min(batches) < 1:
        raise ValueError(f"wanted sizes of 1 or more, got {d_model}, {d_ffn} and {list(batches)}")
    up, down = torch.ones(d_ffn, d_model), torch.ones(d_model, d_ffn)
    works: dict[str, Work] = {}
    for batch in batches:
        x = torch.ones(batch, d_model)
        works[str(batch)] = lambda x=x: linear(linear(x, up), down)
    return works


def fit_knee(seconds: dict[int, float]) -> float:
    """Read the knee off measured times: where the flat start would meet the slope of the end.

    The slope is that of a line from nothing to the largest batch.

    Raises:
        ValueError: If there are fewer than two batch sizes.
    """
    if len(seconds) < 2:
        raise ValueError(f"wanted at least 2 batch sizes, got {len(seconds)}")
    largest = max(seconds)
    return seconds[min(seconds)] * largest / seconds[largest]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    WIDTH, INSIDE = 4096, 14_336
    with with_threads(1):
        works = roof_works() | layer_works(WIDTH, INSIDE, KNEE_BATCHES)
        took_all = core_seconds(works, rounds=4)
    flops, bandwidth = roof_of(took_all)
    seconds = {batch: took_all[str(batch)] for batch in KNEE_BATCHES}
    weights = 2 * WIDTH * INSIDE
    predicted_knee, measured_knee = break_even_tokens(flops, bandwidth, 4), fit_knee(seconds)
    rows = []
    for batch, took in seconds.items():
        floor = forward_time(weights, batch, flops, bandwidth, bytes_per_param=4)
        rows.append({"tokens": batch, "predicted": 1e3 * floor, "measured": 1e3 * took,
                     "ratio": took / floor})  # fmt: skip
        print("{tokens:3} tokens: {predicted:6.1f} ms predicted, {measured:6.1f} measured, "
              "{ratio:.2f} times".format(**rows[-1]))  # fmt: skip
    print(f"knee: predicted {predicted_knee:.0f} tokens, measured {measured_knee:.0f}")
    by = {row["tokens"]: row for row in rows}
    worst, megabytes = max(row["ratio"] for row in rows), 4 * weights / 1e6
    two_for_one = by[2]["measured"] / by[1]["measured"]
    eight_for_one = by[8]["measured"] / by[1]["measured"]
    four_times = by[128]["measured"] / by[32]["measured"]

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.loglog(KNEE_BATCHES, [row["measured"] for row in rows], "o", label="measured")
    fine = [2 ** (n / 8) for n in range(57)]
    floors = [1e3 * forward_time(weights, n, flops, bandwidth, 4) for n in fine]
    ax.plot(fine, floors, label="predicted: the slower clock")
    ax.axvline(predicted_knee, linestyle=":", color="C1")
    ax.text(predicted_knee * 0.95, 1.2 * min(floors), "predicted knee", ha="right")
    ax.set_xscale("log", base=2)
    ax.set_xticks(KNEE_BATCHES, [str(n) for n in KNEE_BATCHES])
    ax.set_yticks([50, 100, 200, 400, 800], ["50", "100", "200", "400", "800"])
    ax.minorticks_off()
    ax.set(xlabel="tokens that go through together", ylabel="milliseconds")
    ax.set_title("A feed-forward layer of Llama 3 8B, one core")
    ax.legend(loc="upper left")
    plt.show()
