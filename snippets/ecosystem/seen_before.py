"""Has a real model read this before? Famous passages against fresh ones in the same style.

Source: Shi et al. (2023), section 3, https://arxiv.org/abs/2310.16789 (min-k% prob)
"""

import torch

from snippets.ecosystem.facts_known_texts import STYLE_PAIRS
from snippets.ecosystem.leak_scores import area_under_curve, least_expected
from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import Transformer
from snippets.tools.perplexity import surprises
from snippets.tools.threads import with_threads


def judge_passage(model: Transformer, tokenizer: SmolTokenizer, text: str) -> tuple[float, float]:
    """Measure a passage: mean surprise, and that of its worst fifth, in nats per token."""
    told = surprises(model, torch.tensor([tokenizer.eos_id, *tokenizer.encode(text)]))  # (tokens)
    return float(told.mean()), float(least_expected(told[None], 0.2)[0])


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    rows = []
    with with_threads(1):
        for pair in STYLE_PAIRS:
            famous = judge_passage(model, tokenizer, pair.famous)
            fresh = judge_passage(model, tokenizer, pair.fresh)
            rows.append({"style": pair.name, "famous": famous[0], "fresh": fresh[0],
                         "famous worst": famous[1], "fresh worst": fresh[1]})  # fmt: skip
    for row in rows:
        print("{style:13}: worst fifth {famous worst:5.2f} famous, {fresh worst:5.2f} fresh; "
              "mean {famous:.2f} and {fresh:.2f}".format(**row))  # fmt: skip
    areas = {}
    for key, name in (("", "mean"), (" worst", "worst fifth")):
        famous, fresh = (
            torch.tensor([-r[side + key] for r in rows]) for side in ("famous", "fresh")
        )
        areas[name] = area_under_curve(famous, fresh)
    print("area:", {name: round(area, 2) for name, area in areas.items()}, f"({len(rows)} pairs)")
    figure, ax = plt.subplots(figsize=(6.2, 3.0))
    for place, row in enumerate(rows):
        ax.plot([row["famous worst"], row["fresh worst"]], [place, place], color="gray", lw=1)
    for column, name in (("famous worst", "famous"), ("fresh worst", "written for this book")):
        ax.plot([row[column] for row in rows], range(len(rows)), "o", label=name)
    ax.set(title="Surprise at the worst fifth of the tokens", xlabel="nats per token", xlim=0,
           yticks=range(len(rows)), yticklabels=[row["style"] for row in rows])  # fmt: skip
    ax.legend()
    plt.show()
