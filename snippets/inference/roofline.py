"""Two clocks: how long reading the weights takes, and how long computing with them takes.

Source: Williams, Waterman, Patterson (2009), "Roofline", https://doi.org/10.1145/1498765.1498785;
for transformers: Carol Chen (kipply), https://kipp.ly/transformer-inference-arithmetic/
"""

from snippets.inference.facts_devices import ACCELERATORS
from snippets.tools.plot import name_line


def ridge_point(flops: float, bandwidth: float) -> float:
    """Divide the two speeds of a machine: FLOP/s by byte/s gives FLOP per byte.

    Work that does fewer operations per byte read waits for memory; work that does more, for math.

    Raises:
        ValueError: If a rate is 0 or less.
    """
    if not (flops > 0 and bandwidth > 0):
        raise ValueError(f"rates must be above 0, got flops={flops}, bandwidth={bandwidth}")
    return flops / bandwidth


def break_even_tokens(flops: float, bandwidth: float, bytes_per_param: float = 2) -> float:
    """Find the number of tokens per pass at which both clocks agree.

    A weight costs `bytes_per_param` bytes to read and 2 FLOPs per token: at 16 bits the two twos
    cancel, and the answer is the ridge point itself.
    """
    return ridge_point(flops, bandwidth) * bytes_per_param / 2


def attainable_flops(intensity: float, flops: float, bandwidth: float) -> float:
    """Look up the roof above a piece of work: what the machine could do with it at best, FLOP/s.

    Left of the ridge the door sets it (intensity x bandwidth), right of it the chef (flops).

    Args:
        intensity: FLOPs that the work does for each byte that it fetches.
        flops: Peak FLOP/s.
        bandwidth: Peak byte/s.

    Raises:
        ValueError: If an argument is 0 or less.
    """
    if not intensity > 0:
        raise ValueError(f"intensity must be above 0 FLOP per byte, got {intensity}")
    return bandwidth * min(intensity, ridge_point(flops, bandwidth))


def forward_time(
    n_params: float, tokens: float, flops: float, bandwidth: float, bytes_per_param: float = 2
) -> float:
    """Take the slower of two clocks that run at once: read each weight once, use it for all tokens.

    Args:
        n_params: Weights that every token meets.
        tokens: Tokens in this pass, over all conversations in the batch.
        flops: Peak FLOP/s.
        bandwidth: Peak byte/s.
        bytes_per_param: 2 for 16 bits.

    Returns:
        Seconds, at perfect overlap and peak rates: a floor, not a forecast.

    Raises:
        ValueError: If an argument is 0 or less.
    """
    if not (n_params > 0 and tokens > 0 and bytes_per_param > 0):
        given = f"n_params={n_params}, tokens={tokens}, bytes_per_param={bytes_per_param}"
        raise ValueError(f"sizes must be above 0, got {given}")
    ridge_point(flops, bandwidth)  # refuses bad rates
    return max(n_params * bytes_per_param / bandwidth, 2 * n_params * tokens / flops)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    FLOPS, BANDWIDTH, WEIGHTS = 312e12, 1.5e12, 12 * 64 * 8192**2
    ridge = ridge_point(FLOPS, BANDWIDTH)
    print(f"ridge point: {ridge:.0f} FLOPs per byte")
    times = {n: 1e3 * forward_time(WEIGHTS, n, FLOPS, BANDWIDTH) for n in (1, 208, 312, 416)}
    for n, ms in times.items():
        print(f"{n:3} tokens: {ms:6.2f} ms")
    rows = [{"chip": c.name, "ridge": ridge_point(c.flops, c.bandwidth)} for c in ACCELERATORS]

    _, ax = plt.subplots(figsize=(6.4, 3.4))
    compute = [0, 1e3 * 2 * WEIGHTS * 416 / FLOPS]
    ax.plot([0, 416], [times[1]] * 2)
    ax.plot([0, 416], compute)
    ax.plot([0, 208, 416], [times[1], times[208], times[416]], linewidth=6, alpha=0.25)
    ax.plot(ridge, times[208], "o", color="C3")
    ax.text(ridge - 12, times[208] + 8, f"{ridge:.0f} tokens", ha="right")
    name_line(ax, "read the\nweights", 416, times[1])
    name_line(ax, "compute", 416, compute[1])
    ax.set(xlim=(0, 500), ylim=(0, 150), xticks=[1, 104, 208, 312, 416])
    ax.set(xlabel="tokens in one forward pass", ylabel="milliseconds")
    ax.set_title("52B model on one idealised A100: the slower clock wins")
    plt.show()
