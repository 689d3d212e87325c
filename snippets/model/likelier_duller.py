"""Likelier and duller: greedy, beam search and top-p go on with four stories of a real model.

Source: Holtzman et al. (2020), figures 1, 2 and 4, https://arxiv.org/abs/1904.09751
"""

import torch
from torch import Tensor

from snippets.model.beam import beam_search
from snippets.model.generate import generate
from snippets.model.repetition import repeated_share
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.perplexity import surprises
from snippets.tools.plot import name_line

STORIES = (  # fixed before the first run; 16 tokens each, so that they fit into one batch
    "One evening the lighthouse keeper found a small wooden boat lying on the sandy beach.",
    "The old clock in the village had stopped at noon, and nobody knew why.",
    "My grandmother had a recipe for soup that began with a walk in the woods.",
    "When the last train had left, the old station cat got up and stretched.",
)


def log_chance(model: Transformer, text: Tensor, start: int) -> float:
    """Say how likely the model finds what it wrote: the mean over text `(T,)` from `start` on.

    Counted at temperature 1 with nothing cut off, in nats per token.

    Raises:
        ValueError: If nothing stands before the new tokens or nothing is new.
    """
    if not 1 <= start < len(text):
        raise ValueError(f"start: wanted 1 to {len(text) - 1}, got {start}")
    return -surprises(model, text, window=len(text))[start - 1 :].mean().item()


def write_three_ways(model: Transformer, prompts: Tensor, new: int) -> dict[str, Tensor]:
    """Write on: greedily, with a beam of 4, by top-p 0.9 in three draws; `(B, T + new)` each."""
    best = [results[0][1] for results in beam_search(model, prompts, new, width=4)]
    beam = torch.cat([prompts, prompts.new_tensor(best)], dim=1)  # (B, T + new)
    chance = torch.Generator(prompts.device).manual_seed(0)
    drawn = generate(model, prompts.repeat(3, 1), new, 1.0, top_p=0.9, generator=chance)
    draws = {f"top-p, draw {n}": texts for n, texts in enumerate(drawn.chunk(3), 1)}
    return {"greedy": generate(model, prompts, new), "beam search": beam, **draws}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    prompts, new = torch.tensor([tokenizer.encode(story) for story in STORIES]), 48
    start = prompts.shape[1]
    rows, told, most = [], {}, {"searched": 0, "drawn": 0}
    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for name, texts in write_three_ways(model, prompts, new).items():
        told[name] = [log_chance(model, text, start) for text in texts]
        shares = [100 * repeated_share(text) for text in texts[:, start:].tolist()]
        rows.append({"way": name, "repeated": round(sum(shares) / len(shares) / 100, 2)})
        kind = "drawn" if name.startswith("top-p") else "searched"
        most[kind] = max(most[kind], round(max(shares)))
        rows[-1]["log_chance"] = round(sum(told[name]) / len(told[name]), 1)
        print(f"{name}: {rows[-1]['repeated']:.0%} repeated, {rows[-1]['log_chance']} per token")
        print("    ...", " ".join(tokenizer.decode(texts[3, start:].tolist()).split()))
        colour = ("C1", "C0", "C2", "C2", "C2")[len(rows) - 1]
        ax.plot(told[name], shares, "os^^^"[len(rows) - 1], color=colour)
        if colour != "C2":
            name_line(ax, name, told[name][3], shares[3])
    likelier = sum(b > g for b, g in zip(told["beam search"], told["greedy"], strict=True))
    print(f"beam search found a likelier text than greedy for {likelier} of {len(STORIES)} stories")
    ax.annotate("top-p", (rows[-1]["log_chance"], 4), ha="center")
    ax.set(title="Likelier and duller", ylabel="runs that repeat, percent", xlim=(-3.6, 0))
    ax.set_xlabel("log-probability per token, nats")
    plt.show()
