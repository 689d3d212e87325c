"""How many tokens a second a batch writes: more with every user, until the arithmetic is the limit.

Sources: Orca (Yu et al., 2022), https://www.usenix.org/conference/osdi22/presentation/yu; Williams
et al. (2009), https://doi.org/10.1145/1498765.1498785 (the knee is the ridge of the roofline)
"""

from collections.abc import Sequence

import torch

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.stopwatch import Work, fastest, in_turns

MEASURES = True
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


@torch.no_grad()
def step_seconds(
    model: Transformer, batches: Sequence[int], read: int = 16, times: int = 3
) -> dict[int, float]:
    """Time one step of writing for batches whose texts have some tokens each, all in turns.

    Args:
        model: A `Transformer`.
        batches: How many texts get a token each.
        read: How many tokens each text has so far.
        times: How many steps to take with each; the fastest counts.

    Returns:
        Seconds for each batch.

    Raises:
        ValueError: If a batch or times is below 1.
    """
    if min(batches) < 1 or times < 1:
        raise ValueError(f"wanted at least 1 text and 1 step, got {list(batches)} and {times}")

    def step_of(batch: int) -> Work:
        cache = model.new_cache(batch, read + times)
        cache.length = read  # what stands there does not matter for the time
        new = torch.zeros(batch, 1, dtype=torch.int64)
        return lambda: model(new, cache)

    seconds = in_turns({str(batch): step_of(batch) for batch in batches}, times)
    return {int(batch): took for batch, took in seconds.items()}


def machine_rates() -> tuple[float, float]:
    """Measure what this machine does: FLOP/s in matrix products, byte/s through a large matrix."""
    large, vector = torch.ones(16_384, 8_192), torch.ones(8_192)
    square = torch.ones(1_024, 1_024)
    work, reading = fastest(lambda: square @ square, 6), fastest(lambda: large @ vector, 6)
    return 2 * 1_024**3 / work, large.nbytes / reading


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, _ = load()
    flops, bandwidth = machine_rates()
    weights = sum(weight.nbytes for weight in model.parameters())
    parameters = weights // 4
    knee = weights / bandwidth * flops / (2 * parameters)  # both clocks take as long
    rows = []
    for batch, seconds in step_seconds(model, BATCH_SIZES).items():
        floor = max(weights / bandwidth, 2 * parameters * batch / flops)
        rows.append({"batch": batch, "ms": seconds * 1e3, "speed": batch / seconds,
                     "floor": batch / floor})  # fmt: skip
        print(
            "{batch:4} texts: {ms:4.0f} ms a step, {speed:5.0f} tokens a second".format(**rows[-1])
        )
    by = {row["batch"]: row for row in rows}
    gain = by[64]["speed"] / by[1]["speed"]
    print(f"64 users get {gain:.0f} times as much as one; the knee should be near {knee:.0f}")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    ax.plot(BATCH_SIZES, [row["speed"] for row in rows], "o-", label="measured")
    ax.plot(BATCH_SIZES, [row["floor"] for row in rows], "--", label="at best: the slower clock")
    ax.set_xscale("log", base=2)
    ax.set_xticks(BATCH_SIZES, [str(n) for n in BATCH_SIZES])
    ax.set(title="More users, more tokens", xlabel="texts in the batch", ylim=0)
    ax.set_ylabel("tokens a second, all together")
    ax.legend()
    plt.show()
