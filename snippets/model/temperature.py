"""Temperature on a real model: the same scores, from one token only to anything goes.

Source: Ackley, Hinton and Sejnowski (1985), section 2, https://doi.org/10.1207/s15516709cog0901_7
"""

import torch

from snippets.model.generate import generate
from snippets.model.sampling import next_probabilities
from snippets.model.smollm2 import load

OPEN_BEGINNING = "The cat sat on the"


def tell(model, tokenizer, text: str, temperature: float, times: int, seed: int) -> list[str]:
    """Go on with a text several times, up to ten tokens each; the seed decides the draws.

    Raises:
        ValueError: If the text is empty.
    """
    ids = torch.tensor([tokenizer.encode(text)] * times, dtype=torch.int64)  # (B, T)
    chance = torch.Generator().manual_seed(seed)
    out = generate(model, ids, 10, temperature, generator=chance)
    stories = [tokenizer.decode(row) for row in out[:, ids.shape[1] :].tolist()]
    return [" ".join(story.split("<|im_end|>")[0].split()) for story in stories]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    stories = {"0": tell(model, tokenizer, OPEN_BEGINNING, 0, times=1, seed=0)}
    for temperature in (0.5, 1.0, 2.0):
        stories[f"{temperature:g}"] = tell(model, tokenizer, OPEN_BEGINNING, temperature, 3, seed=0)
    print(OPEN_BEGINNING, "...")
    for temperature, told in stories.items():
        print("\n".join(f"  {temperature:>3}  ... {story}" for story in told))
    again = tell(model, tokenizer, OPEN_BEGINNING, 1.0, 3, seed=0) == stories["1"]
    print(f"the same seed again, at temperature 1: the same three stories? {again}")

    with torch.no_grad():
        logits = model(torch.tensor([tokenizer.encode(OPEN_BEGINNING)]))[:, -1]  # (1, V)
    top = logits[0].topk(4).indices.tolist()
    words = [tokenizer.decode([token]).strip() for token in top]
    first, others = {}, {}
    figure, panels = plt.subplots(1, 3, figsize=(6.4, 2.8), sharey=True)
    for ax, temperature in zip(panels, (0.5, 1.0, 2.0), strict=True):
        shares = next_probabilities(logits, temperature)[0, top].tolist()
        first[f"{temperature:g}"] = round(shares[0], 3)
        others[f"{temperature:g}"] = round(1 - sum(shares), 2)
        ax.barh([*words, "all others"], [100 * share for share in [*shares, 1 - sum(shares)]])
        ax.set(title=f"temperature {temperature:g}", xlim=(0, 100))
    panels[0].invert_yaxis()
    panels[0].set_ylabel("next token")
    panels[1].set_xlabel("chance of being drawn, percent")
    tickets, other_tokens = round(1000 * first["1"]), len(tokenizer.tokens) - len(top)
    print(f"{words[0]}, by temperature: {first}; the other {other_tokens:,}: {others}")
    plt.show()
