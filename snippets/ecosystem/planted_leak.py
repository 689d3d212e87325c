"""Find what was leaked, from the model alone: hits, misses and false alarms.

Sources: Shi et al. (2023), https://arxiv.org/abs/2310.16789 (min-k%); Yeom et al. (2018),
https://arxiv.org/abs/1709.01604 (a level on the loss)
"""

import torch
from torch import Tensor

from snippets.ecosystem.leak_scores import (
    alarm_level,
    area_under_curve,
    least_expected,
    word_surprises,
)
from snippets.ecosystem.leaky_models import LEAK_SEEDS, PLANTED, load_leaky
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads

ALARM_RATE = 0.05  # false alarms that we allow on the innocents that set the level
SUSPICIONS = ("mean", "worst fifth")


def suspicions(model: Transformer, passages: Tensor, before: int) -> dict[str, Tensor]:
    """Score passages `(B, T)` in two ways: `(B,)` each, higher is more suspicious.

    Args:
        model: Is under suspicion.
        passages: Ids of words, int64.
        before: The word that is read before each passage.
    """
    told = word_surprises(model, passages, before)  # (B, T)
    return {"mean": -told.mean(1), "worst fifth": -least_expected(told)}


def hearing(seed: int) -> list[dict]:
    """Set each level on half of the innocents; tell hits, and false alarms on the other half."""
    model, leak = load_leaky(seed)
    stop, rows = leak.kinds.index("."), []
    innocent = suspicions(model, leak.unseen, stop)
    for name, passages in leak.passages.items():
        for way, guilty in suspicions(model, passages, stop).items():
            first, second = innocent[way].chunk(2)
            level = alarm_level(first, ALARM_RATE)
            rows.append({"planted": name, "way": way, "area": area_under_curve(guilty, second),
                         "hits": float((guilty > level).double().mean()),
                         "false alarms": float((second > level).double().mean())})  # fmt: skip
    return rows


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    with with_threads(1):
        trials = [hearing(seed) for seed in range(LEAK_SEEDS)]
        rows = []
        for same in zip(*trials, strict=True):
            row = {"planted": same[0]["planted"], "way": same[0]["way"]}
            for key in ("area", "hits", "false alarms"):
                row[key] = sum(trial[key] for trial in same) / len(same)
            row["low"], row["high"] = (f(trial["area"] for trial in same) for f in (min, max))
            rows.append(row)
            print(
                "{planted:18} | {way:11} | area {area:.2f} | hits {hits:4.0%} | "
                "false alarms {false alarms:.1%}".format(**row)
            )
        model, leak = load_leaky(0)
        stop = leak.kinds.index(".")
        innocent = suspicions(model, leak.unseen, stop)["worst fifth"]
        figure, ax = plt.subplots(figsize=(5.0, 3.4))
        for name in PLANTED:
            guilty = suspicions(model, leak.passages[name], stop)["worst fifth"]
            levels = torch.cat([guilty, innocent, torch.tensor([1.0])]).sort(descending=True).values
            hits, alarms = (
                (some[None] >= levels[:, None]).double().mean(1) for some in (guilty, innocent)
            )
            ax.plot(100 * alarms, 100 * hits, label=name)
    ax.plot([0, 100], [0, 100], ":", color="gray", label="a coin")
    ax.set(title="Hits and false alarms, worst fifth", xlabel="false alarms, percent",
           ylabel="hits, percent")  # fmt: skip
    ax.legend()
    plt.show()
