"""MFU measured: what a training makes of the arithmetic that the machine can do.

Sources: Chowdhery et al. (2022), section 4.1, appendix B, https://arxiv.org/abs/2204.02311 (model
and hardware FLOPs utilisation); Chen et al. (2016), https://arxiv.org/abs/1604.06174 (recomputing)
"""

from copy import deepcopy

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from snippets.basics.learning import wrongness
from snippets.inference.kept_for_backward import recompute_blocks
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.stopwatch import fastest, in_turns
from snippets.tools.threads import with_threads

MEASURES = True
BUSY_WIDTHS = (64, 192, 576)


def busiest(size: int, times: int = 8) -> float:
    """Measure the FLOP/s of a product of two square matrices, the best of some tries.

    Raises:
        ValueError: If size or times is below 1.
    """
    if size < 1 or times < 1:
        raise ValueError(f"wanted size and times of at least 1, got {size} and {times}")
    a, b = torch.randn(size, size), torch.randn(size, size)
    return 2 * size**3 / fastest(lambda: a @ b, times)


def measure_utilisation(
    model: Transformer, ids: Tensor, peak: float, times: int = 6
) -> dict[str, dict[str, float]]:
    """Take the time of a way forward and back, all kept or recomputed, in turns.

    Args:
        model: A `Transformer`.
        ids: `(B, T + 1)`, int64.
        peak: FLOP/s.
        times: How many tries of each; the fastest counts.

    Returns:
        For "kept" and "recomputed": seconds; "mfu", which counts only the operations that the
        model asks for, and "hfu", which counts all that are done.

    Raises:
        ValueError: If the peak is not above 0 or times below 1.
    """
    if not peak > 0 or times < 1:
        raise ValueError(f"wanted a peak above 0 and at least 1 try, got {peak} and {times}")
    models = {"kept": model, "recomputed": recompute_blocks(deepcopy(model))}
    operations = {}
    for way, other in models.items():
        with FlopCounterMode(display=False) as counter:
            wrongness(other, ids).backward()
        operations[way] = counter.get_total_flops()
    seconds = in_turns(
        {way: lambda m=other: wrongness(m, ids).backward() for way, other in models.items()}, times
    )
    return {
        way: {
            "seconds": seconds[way],
            "mfu": operations["kept"] / seconds[way] / peak,
            "hfu": operations[way] / seconds[way] / peak,
        }
        for way in models
    }


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows = []
    with with_threads(1):
        peak = busiest(1_024)
        for width in BUSY_WIDTHS:
            torch.manual_seed(0)
            sizes = {"n_heads": width // 32, "n_kv_heads": width // 32, "head_dim": 32}
            model = Transformer(
                TransformerConfig(84, width, 4, d_ffn=3 * width, context=128, **sizes)
            )
            ids = torch.randint(84, (2, 129))
            for way, row in measure_utilisation(model, ids, peak).items():
                rows.append({"width": width, "way": way} | row)
    print(f"a product of two matrices: {peak / 1e9:.0f} billion operations a second")
    for row in rows:
        print(f"width {row['width']}, {row['way']:10} MFU {row['mfu']:.0%}, HFU {row['hfu']:.0%}")
    same_work = rows[-1]["hfu"] / rows[-2]["hfu"]
    slower = rows[-1]["seconds"] / rows[-2]["seconds"]
    print(f"recomputing takes {slower:.2f} times as long at the largest width")

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    places = torch.arange(len(BUSY_WIDTHS)).tolist()
    for number, way in enumerate(("kept", "recomputed")):
        shares = [100 * row["mfu"] for row in rows if row["way"] == way]
        ax.bar(
            [p + 0.4 * number for p in places], shares, width=0.36, color=f"C{number}", label=way
        )
    ax.set_xticks([p + 0.2 for p in places], [str(width) for width in BUSY_WIDTHS])
    ax.legend()
    ax.set(title="MFU on the machine that built this", xlabel="width of the model", ylim=(0, 100))
    ax.set_ylabel("% of the peak")
    plt.show()
