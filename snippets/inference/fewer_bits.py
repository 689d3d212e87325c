"""The border: up to how many tokens in a pass narrower weights make it faster, and by how much.

Source: Frantar et al. (2022), "GPTQ", "Practical Speedups",
https://arxiv.org/abs/2210.17323 (the gain comes from fetching); the two clocks: Carol Chen (kipply)
(2022), https://kipp.ly/transformer-inference-arithmetic/
"""

from snippets.inference.facts_devices import H100_SXM
from snippets.inference.roofline import break_even_tokens, forward_time, ridge_point


def narrow_gain(
    tokens: float, bits: float, flops: float, bandwidth: float, speedup: float = 1
) -> float:
    """Say how many times as fast a pass is as with 16-bit weights, by the two clocks.

    Args:
        tokens: Tokens in the pass.
        bits: Bits per weight, scales included.
        flops: Peak FLOP/s in 16 bits.
        bandwidth: Peak byte/s.
        speedup: Peak in the narrow format over the peak in 16 bits; 1 if weights are widened
            before they are multiplied.

    Raises:
        ValueError: If an argument is 0 or less.
    """
    if not (bits > 0 and speedup > 0):
        raise ValueError(f"wanted bits and speedup above 0, got {bits} and {speedup}")
    wide = forward_time(1, tokens, flops, bandwidth)
    return wide / forward_time(1, tokens, flops * speedup, bandwidth, bits / 8)


def gain_border(bits: float, flops: float, bandwidth: float) -> tuple[float, float]:
    """Draw the border for weights that are widened: tokens up to which the gain is whole, and gone.

    Raises:
        ValueError: If an argument is 0 or less.
    """
    if not bits > 0:
        raise ValueError(f"wanted bits above 0, got {bits}")
    return break_even_tokens(flops, bandwidth, bits / 8), ridge_point(flops, bandwidth)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    CARD = (H100_SXM.flops, H100_SXM.bandwidth)
    ways = {"8 bits, widened": (8, 1), "4 bits, widened": (4, 1), "8 bits, computed in 8": (8, 2)}
    rows = []
    for name, (bits, speedup) in ways.items():
        gains = {f"at {n}": narrow_gain(n, bits, *CARD, speedup) for n in (1, 64, 200, 1000)}
        whole, gone = (f"{tokens:.0f}" for tokens in gain_border(bits, *CARD))
        row = {"weights": name, "whole": whole, "gone": gone}
        rows.append((row if speedup == 1 else row | {"whole": "no end", "gone": "never"}) | gains)
        told = ", ".join(f"{gain:.2f}x {where}" for where, gain in gains.items())
        print(f"{name}: {told}")
    borders = {bits: gain_border(bits, *CARD) for bits in (8, 4)}
    for bits, (whole, gone) in borders.items():
        print(f"{bits} bits: whole gain up to {whole:.0f} tokens, no gain from {gone:.0f} on")

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    batches = [2 ** (n / 8) for n in range(89)]
    for name, (bits, speedup) in ways.items():
        style = "-" if speedup == 1 else "--"
        ax.plot(batches, [narrow_gain(n, bits, *CARD, speedup) for n in batches], style, label=name)
    ax.axvline(ridge_point(*CARD), linestyle=":", color="C3")
    ax.text(ridge_point(*CARD) * 1.08, 3.6, "ridge for 16 bits")
    ax.set_xscale("log", base=2)
    ax.set_xticks([1, 4, 16, 64, 256, 1024], ["1", "4", "16", "64", "256", "1,024"])
    ax.minorticks_off()
    ax.set(title="Narrower weights on one H100, by the two clocks", ylim=(0, 4.4))
    ax.set(xlabel="tokens in one pass", ylabel="times as fast as 16-bit weights")
    ax.legend(loc="lower left")
    plt.show()
