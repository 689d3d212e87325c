"""Deep is not large: what a network's parameters come from, and how little depth says about it.

Sources: Kaplan et al. (2020), table 1 and section 3.1, https://arxiv.org/abs/2001.08361; He et al.
(2016), https://arxiv.org/abs/1603.05027 (1,001 layers)
"""

from snippets.basics.facts_sizes import GPT_3_SIZE, NETWORK_SIZES
from snippets.tools.plot import name_line


def block_parameters(n_layers: int, d_model: int) -> int:
    """Estimate the parameters in the layers of a transformer: 12 times layers times width squared.

    Each layer has four matrices of width x width for attention and, in its feed-forward network,
    two of width x 4 width. Tables of tokens come on top.

    Raises:
        ValueError: If there is no layer or no width.
    """
    if n_layers < 1 or d_model < 1:
        raise ValueError(f"wanted at least 1 layer and width 1, got {n_layers} and {d_model}")
    attention, feed_forward = 4 * d_model**2, 2 * 4 * d_model**2
    return n_layers * (attention + feed_forward)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows = []
    for network in NETWORK_SIZES:
        row = {"network": network.name, "layers": network.n_layers, "told": network.parameters}
        width = network.d_model
        row |= {"width": width or 0, "counted": block_parameters(row["layers"], width or 1)}
        row["counted"] = row["counted"] if width else 0
        rows.append(row)
        if width:
            print(f"{network.name:>15}: {row['counted'] / 1e9:6.1f} of {row['told'] / 1e9:.1f} bn")
    deep, wide = GPT_3_SIZE.n_layers, GPT_3_SIZE.d_model
    swapped = block_parameters(4 * deep, wide // 2)
    same = swapped == block_parameters(deep, wide)
    print(f"{4 * deep} layers, half as wide as GPT-3: as many parameters: {same}")

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    for row in rows:
        ax.loglog(row["layers"], row["told"], "o", color="C0" if row["width"] else "C1")
        name_line(ax, row["network"], row["layers"], row["told"])
    ax.set(title="Deep is not large", xlabel="layers", ylabel="parameters", xlim=(20, 12_000))
    plt.show()
