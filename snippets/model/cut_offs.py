"""Where top-k, top-p and min-p cut: one distribution with a peak, one without.

Sources: Fan et al. (2018), section 5.4, https://arxiv.org/abs/1805.04833 (top-k); Holtzman et al.
(2020), section 3.1, https://arxiv.org/abs/1904.09751 (top-p); Nguyen et al. (2024), section 3,
https://arxiv.org/abs/2407.01082 (min-p)
"""

import torch
from torch import Tensor

from snippets.model.sampling import next_probabilities
from snippets.model.smollm2 import load

CUT_OFFS = {"top-k 50": {"top_k": 50}, "top-p 0.9": {"top_p": 0.9}, "min-p 0.1": {"min_p": 0.1}}


def survivors(logits: Tensor, **options: float) -> tuple[int, float]:
    """Count the tokens that a rule leaves, and say how much probability they had before.

    Args:
        logits: `(1, V)`, float.
        options: As in `next_probabilities`.
    """
    kept = next_probabilities(logits, **options)[0] > 0  # (V,)
    return int(kept.sum()), float(logits[0].softmax(-1)[kept].sum())


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    beginnings = {"peaked": "The capital of France is", "flat": "The cat sat on the"}
    rows = [{"rule": name} for name in CUT_OFFS]
    figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
    for ax, (shape, text) in zip(panels, beginnings.items(), strict=True):
        with torch.no_grad():
            logits = model(torch.tensor([tokenizer.encode(text)]))[:, -1]  # (1, V)
        ordered = logits[0].softmax(-1).sort(descending=True).values  # (V,)
        ranks = torch.logspace(0, 4.69, 200).long().unique()  # enough points for a smooth line
        ax.loglog(ranks, 100 * ordered[ranks - 1], color="C3")
        for number, (row, options) in enumerate(zip(rows, CUT_OFFS.values(), strict=True)):
            count, mass = survivors(logits, **options)
            row[shape], row[f"{shape}_mass"] = count, round(mass, 2)
            style = (":", "-", "--")[number]
            ax.axvline(count, color=f"C{number}", linestyle=style, label=row["rule"])
        ax.set(title=f"{text} ...", xlabel="rank of the token", ylim=(1e-7, 150))
    panels[0].set_ylabel("probability, percent")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    for row in rows:
        print(
            f"{row['rule']}: {row['peaked']} tokens left of the peaked one "
            f"({row['peaked_mass']:.0%}), {row['flat']} of the flat one ({row['flat_mass']:.0%})"
        )
    five = torch.tensor([[0.5, 0.25, 0.15, 0.06, 0.04]]).log()  # exercise 3
    rules = {"top-k 2": {"top_k": 2}, "top-p 0.8": {"top_p": 0.8}, "min-p 0.1": {"min_p": 0.1}}
    by_hand = {name: survivors(five, **options)[0] for name, options in rules.items()}
    plt.show()
