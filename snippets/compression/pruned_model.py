"""Prune all 210 matrices of a real model, more and more, and let the referee judge.

Source: Sun et al. (2023), sections 4 and 4.2, https://arxiv.org/abs/2306.11695 (every linear layer
but the embedding and the head, perplexity against magnitude pruning)
"""

from collections.abc import Callable
from functools import partial

from torch import Tensor

from snippets.compression.block_inputs import block_inputs, calibration_ids
from snippets.compression.integer import dequantize_integer, quantize_absmax
from snippets.compression.pruning import smallest
from snippets.compression.same_text import Referee, fixed_rows
from snippets.compression.two_of_four import prune_two_of_four
from snippets.compression.wanda import wanda_scores
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads


def input_loudness(model: Transformer, ids: Tensor) -> dict[str, Tensor]:
    """Measure how loud every input channel of every linear layer of the blocks is.

    Args:
        model: Stays as it is.
        ids: `(B, T)`, the calibration text.

    Returns:
        For the name of each weight, the norms of its input channels, `(in,)`.
    """
    loud = {}
    for n, (_, read) in enumerate(block_inputs(model, ids)):
        for group, x in read.items():
            norms = x.norm(dim=0)  # (in,)
            loud |= {f"blocks.{n}.{layer}.weight": norms for layer in group}
    return loud


def by_share(weight: Tensor, scores: Tensor, sparsity: float) -> Tensor:
    """Replace a share of the lowest scores of each row by zero."""
    return weight.masked_fill(smallest(scores, sparsity), 0.0)


def prune_into(
    pruned: dict[str, Tensor],
    weights: dict[str, Tensor],
    loud: dict[str, Tensor] | None,
    way: Callable[[Tensor, Tensor], Tensor],
) -> None:
    """Prune every weight; magnitude decides if nothing is said about loudness.

    Args:
        pruned: Where the results are written, under the names that `weights` has.
        weights: Each `(out, in)`; they stay as they are.
        loud: As from `input_loudness`, or None.
        way: Turns a weight and its scores, `(out, in)` both, into the pruned weight.
    """
    for name, weight in weights.items():
        scores = weight.abs() if loud is None else wanda_scores(weight, loud[name])
        pruned[name].copy_(way(weight, scores))


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    SHARES = (0.1, 0.3, 0.5, 0.6)
    model, tokenizer = load()
    with with_threads(1):
        judged, heard = fixed_rows(tokenizer), calibration_ids(tokenizer, count=2)
        judged_tokens, heard_tokens = judged.shape[1], heard.numel()
        referee = Referee(model, judged)
        dense = referee.compare(referee.said)["perplexity"]  # of what it has noted, without a pass
        loud = input_loudness(model, heard)
        whole = {name: weight for name, weight in model.state_dict().items() if name in loud}
        matrices, pruned_count = len(whole), sum(weight.numel() for weight in whole.values())
        total_count = sum(weight.numel() for weight in model.parameters())

        working = {name: weight.clone() for name, weight in whole.items()}
        model.load_state_dict(working, strict=False, assign=True)

        def judge(judged_by: dict[str, Tensor] | None, way) -> float:
            """Change all matrices in some way, measure the perplexity."""
            prune_into(working, whole, judged_by, way)
            return referee.verdict(model)["perplexity"]

        ways = {f"{share:.0%}": partial(by_share, sparsity=share) for share in SHARES}
        ways["2:4"] = prune_two_of_four
        rows = [
            {"pruned": name, "magnitude": judge(None, way), "wanda": judge(loud, way)}
            for name, way in ways.items()
        ]
        eight_bits = judge(None, lambda w, _: dequantize_integer(*quantize_absmax(w, 8, axis=0)))
    print(f"{matrices} matrices, {pruned_count:,} of {total_count:,} weights; dense {dense:.1f}")
    print("zeros  magnitude   Wanda: perplexity")
    for row in rows:
        print(f"{row['pruned']:>5} {row['magnitude']:10,.1f} {row['wanda']:7.1f}")
    print(f"nothing pruned, but all rounded to 8 bits: {eight_bits:.1f}")
    at = {row["pruned"]: row for row in rows}

    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    shares = [0, *(100 * share for share in SHARES)]
    for n, (name, label) in enumerate({"magnitude": "magnitude", "wanda": "Wanda"}.items()):
        ax.plot(shares, [dense, *(row[name] for row in rows[:-1])], f"C{n}o-", label=label)
        ax.plot(50, rows[-1][name], f"C{n}D", fillstyle="none", label=f"{label}, 2:4")
    ax.set_yscale("log")
    ax.legend()
    ax.set(title="How much can be muted?", xlabel="weights set to zero (%)", ylabel="perplexity")
    plt.show()
