"""How many tokens a second a batch writes: more with every user, until the arithmetic is the limit.

Sources: Orca (Yu et al., 2022), https://www.usenix.org/conference/osdi22/presentation/yu; Williams
et al. (2009), https://doi.org/10.1145/1498765.1498785 (the knee is the ridge of the roofline)
"""

import torch

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.stopwatch import fastest

MEASURES = True
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


@torch.no_grad()
def step_seconds(model: Transformer, batch: int, read: int = 16, times: int = 3) -> float:
    """Time one step of writing for a batch whose texts have some tokens each; the fastest counts.

    Args:
        model: A `Transformer`.
        batch: How many texts get a token each.
        read: How many tokens each text has so far.
        times: How many steps to take.

    Raises:
        ValueError: If batch or times is below 1.
    """
    if batch < 1 or times < 1:
        raise ValueError(f"wanted at least 1 text and 1 step, got {batch} and {times}")
    cache = model.new_cache(batch, read + times)
    cache.length = read  # what stands there does not matter for the time
    new = torch.zeros(batch, 1, dtype=torch.int64)
    return fastest(lambda: model(new, cache), times)


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
    for batch in BATCH_SIZES:
        seconds = step_seconds(model, batch)
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
