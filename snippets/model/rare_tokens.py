"""What is rare is drawn sooner or later: the long tail of a real model, weighed and drawn from.

Source: Holtzman et al. (2020), section 1, https://arxiv.org/abs/1904.09751 (the unreliable tail)
"""

from itertools import count

import torch
from torch import Tensor

from snippets.model.sampling import next_probabilities
from snippets.model.smollm2 import load

RARE = 1 / 100_000  # a token is rare if the model gives it less than this
DRAWS, TEXTS = 200, 2000


def chance_of_any(mass: float, draws: int) -> float:
    """Say how likely it is that at least one of some draws hits what has this mass.

    Raises:
        ValueError: If mass is no probability.
    """
    if not 0 <= mass <= 1:
        raise ValueError(f"mass: wanted 0 to 1, got {mass}")
    return 1 - (1 - mass) ** draws


def share_with_any(chances: Tensor, rare: Tensor, draws: int, texts: int, seed: int) -> float:
    """Draw many texts, and count those with at least one rare token.

    Args:
        chances: `(V,)`, probabilities to draw from.
        rare: `(V,)`, bool, what is looked for.
        draws: Tokens of one text.
        texts: How many texts.
        seed: Where chance begins.
    """
    chance = torch.Generator().manual_seed(seed)
    points = torch.rand(texts, draws, dtype=torch.float64, generator=chance)  # (texts, draws)
    ordered = chances.argsort(descending=True)  # (V,); the rare ones stand together, at the end
    ends = chances[ordered].double().cumsum(0)  # (V,); a point between two ends draws that token
    hits = rare[ordered[torch.searchsorted(ends, points * ends[-1])]]  # (texts, draws)
    return hits.any(1).double().mean().item()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    settings = {
        "as it is": {},
        "temperature 0.7": {"temperature": 0.7},
        "top-p 0.9": {"top_p": 0.9},
    }
    rows, counts, masses, half_after = [], {}, {}, {}
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for text in ("The cat sat on the", "The capital of France is"):
        with torch.no_grad():
            logits = model(torch.tensor([tokenizer.encode(text)]))[:, -1]  # (1, V)
        rare = logits[0].softmax(-1) < RARE
        counts[text] = int(rare.sum())
        for name, options in settings.items():
            chances = next_probabilities(logits, **options)[0]  # (V,)
            mass = float(chances[rare].sum())
            told, drawn = chance_of_any(mass, DRAWS), share_with_any(chances, rare, DRAWS, TEXTS, 0)
            rows.append(
                {"text": text, "setting": name, "told": round(told, 2), "drawn": round(drawn, 2)}
            )
            masses[f"{text}, {name}"] = round(mass, 4)
            print(f"{text} ... {name}: tail {mass:.2%}, in {DRAWS} draws {told:.2f}, {drawn:.2f}")
        mass = masses[f"{text}, as it is"]
        half_after[text] = next(n for n in count(1) if chance_of_any(mass, n) >= 0.5)
        ax.plot(range(1, 401), [100 * chance_of_any(mass, n) for n in range(1, 401)], label=text)
    vocabulary, texts = len(tokenizer.tokens), TEXTS
    clean = round(1 - masses["The cat sat on the, as it is"], 3)  # chance that one draw misses
    print(f"rare at the cat: {counts['The cat sat on the']:,} of {vocabulary:,} tokens")
    print(f"as likely as not after so many draws: {half_after}")
    ax.legend(loc="lower right")
    ax.set(title="Sooner or later", xlabel="tokens drawn", ylabel="a rare one among them, percent")
    plt.show()
