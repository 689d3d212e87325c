"""Operations per byte in a step of writing: weights share their trip among the batch, notes do not.

Sources: Williams, Waterman, Patterson (2009), https://doi.org/10.1145/1498765.1498785; DeepSeek-AI
(2024), section 2.1.2, https://arxiv.org/abs/2405.04434 (latent attention); DeepSeek-AI (2024),
sections 2.1.2 and 4.2, https://arxiv.org/abs/2412.19437 (256 experts, 8 for each token)
"""

from snippets.inference.facts_experts import DEEPSEEK_V3_EXPERTS
from snippets.inference.facts_models import DEEPSEEK_V3, LLAMA_2_13B, LLAMA_3_70B, ModelShape
from snippets.inference.roofline import ridge_point
from snippets.tools.plot import name_line


def weight_intensity(batch: float, bytes_per_weight: float = 2) -> float:
    """Count FLOPs per byte of weights: 2 for each token that meets the weight on its one trip.

    Raises:
        ValueError: If an argument is 0 or less.
    """
    if not (batch > 0 and bytes_per_weight > 0):
        raise ValueError(f"wanted values above 0, got {batch} tokens, {bytes_per_weight} bytes")
    return 2 * batch / bytes_per_weight


def note_intensity(shape: ModelShape, bytes_per_value: float = 2) -> float:
    """Count FLOPs per byte of notes: the batch is not in it, since nobody shares notes.

    A query head multiplies and adds each number of a key, then each of a value: 4 D for each token
    of the past. The key and the value are 2 D numbers, and serve H / G heads. With latent attention
    all H heads read one vector: all of it as a key, the part without position as a value.

    Raises:
        ValueError: If a value takes no room.
    """
    if not bytes_per_value > 0:
        raise ValueError(f"wanted bytes_per_value above 0, got {bytes_per_value}")
    if shape.latent_dim:
        key, value = shape.latent_dim + shape.rope_dim, shape.latent_dim
        return 2 * shape.n_heads * (key + value) / (key * bytes_per_value)
    return 2 * shape.n_heads / (shape.n_kv_heads * bytes_per_value)


def mixture_intensity(
    batch: float, total: float, active: float, experts: int, used: int, bytes_per_weight: float = 2
) -> float:
    """Count FLOPs per byte of weights in a mixture: a token meets few experts, a batch most.

    Routers are taken to choose at random, so that an expert stays idle with chance
    (1 - used / experts) ** batch.

    Args:
        batch: Tokens in the pass.
        total: Weights in all.
        active: Weights that one token meets.
        experts: Experts from which a router chooses, in a layer.
        used: How many of them it chooses.
        bytes_per_weight: 2 for 16 bits.

    Raises:
        ValueError: If active is above total, used above experts, or a number 0 or less.
    """
    if not (0 < active <= total and 0 < used <= experts and batch > 0 and bytes_per_weight > 0):
        raise ValueError(f"got {active} of {total} weights, {used} of {experts} experts, {batch}")
    if used == experts:
        return weight_intensity(batch * active / total, bytes_per_weight)
    routed = (total - active) / (1 - used / experts)  # weights of all experts together
    fetched = total - routed * (1 - used / experts) ** batch
    return 2 * active * batch / (fetched * bytes_per_weight)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    ridge, mixture = ridge_point(312e12, 1.5e12), DEEPSEEK_V3_EXPERTS
    sparse = (mixture.total, mixture.active, mixture.routed, mixture.used)
    notes = {"every head its own": note_intensity(LLAMA_2_13B),
             "8 heads share": note_intensity(LLAMA_3_70B),
             "128 share, latent": note_intensity(DEEPSEEK_V3)}  # fmt: skip
    batches = [2**n for n in range(14)]
    rows = [{"tokens": n, "weights": weight_intensity(n), "mixture": mixture_intensity(n, *sparse),
             "notes": notes["every head its own"]}
            for n in (1, 16, 208, 1024, 4096)]  # fmt: skip
    for row in rows:
        print("{tokens:4} tokens: dense weights {weights:6.0f}, mixture {mixture:5.1f}, "
              "notes {notes:.0f} FLOP per byte".format(**row))  # fmt: skip
    for name, value in notes.items():
        print(f"notes, {name}: {value:.0f} FLOP per byte at any batch size")
    times_the_batch = mixture.total / mixture.active
    needed = round(ridge * times_the_batch)
    print(f"a mixture needs {times_the_batch:.0f} times the batch: {needed:,} tokens, not 208")

    figure, ax = plt.subplots(figsize=(6.6, 4.0))
    ax.loglog(batches, [weight_intensity(n) for n in batches])
    name_line(ax, "dense weights", batches[-1], weight_intensity(batches[-1]))
    ax.plot(batches, [mixture_intensity(n, *sparse) for n in batches])
    name_line(ax, "mixture", batches[-1], mixture_intensity(batches[-1], *sparse))
    for name, value in notes.items():
        ax.plot([1, batches[-1]], [value, value], "--")
        if value < ridge:
            name_line(ax, f"notes: {name}", batches[-1], value)
        else:
            ax.text(1.1, value * 1.2, f"notes: {name}")
    ax.axhline(ridge, color="C5", linewidth=5, alpha=0.35)
    ax.text(batches[-1] * 1.3, ridge * 0.5, f"ridge of an A100: {ridge:.0f}")
    ax.set(xlim=(1, batches[-1] * 40), ylim=(0.7, 2e4), xlabel="tokens in one pass")
    ax.set_xticks([1, 16, 208, 1024, 8192], ["1", "16", "208", "1,024", "8,192"])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.set(ylabel="operations per byte", title="Who gets over the ridge by company, and who never")
    plt.show()
