"""What a teacher knows that the right answer does not say: all the other probabilities.

Source: Hinton, Vinyals and Dean (2015), sections 1 and 2, https://arxiv.org/abs/1503.02531
"""

import torch
from torch import Tensor

from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.tools.threads import with_threads


def soften(logits: Tensor, temperature: float) -> Tensor:
    """Turn scores `(..., V)` into probabilities; the higher the temperature, the more alike.

    Raises:
        ValueError: If the temperature is not above 0.
    """
    if temperature <= 0:
        raise ValueError(f"wanted a temperature above 0, got {temperature}")
    return (logits / temperature).softmax(-1)


def open_choices(shares: Tensor) -> Tensor:
    """Say among how many equally likely tokens shares `(..., V)` hesitate: e to the entropy."""
    return torch.special.entr(shares).sum(-1).exp()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    BEGINNING, TEMPERATURES, SHOWN = "Give me thy h", (1, 2, 4), 8
    teacher, characters = load_tiny()
    with torch.no_grad(), with_threads(1):
        scores = teacher(torch.tensor([characters.encode(BEGINNING)]))[0, -1]  # (V,)
        _, _, held_out = play_ids()
        windows = held_out[: 64 * 129].view(64, 129)
        everywhere = teacher(windows[:, :-1]).flatten(0, 1)  # (N, V)
    best = scores.topk(SHOWN).indices.tolist()
    names = [characters.symbols[k] for k in best]
    softened = {t: [round(x, 3) for x in soften(scores, t)[best].tolist()] for t in TEMPERATURES}
    print("after", repr(BEGINNING))
    for t in TEMPERATURES:
        print(
            f"T = {t}:", "  ".join(f"{n} {x:.3f}" for n, x in zip(names, softened[t], strict=True))
        )
    rest = {t: round(1 - sum(softened[t]), 2) for t in TEMPERATURES}
    print("all others together:", ", ".join(f"T = {t} {x:.0%}" for t, x in rest.items()))
    choices = round(float(open_choices(soften(everywhere, 1)).mean()), 1)
    sure = round(float((soften(everywhere, 1).max(-1).values > 0.9).double().mean()), 2)
    print(f"mean number of open choices in a held-out text: {choices}; surer than 90 %: {sure:.0%}")

    figure, panels = plt.subplots(1, 3, figsize=(6.4, 2.6), sharey=True)
    for ax, t in zip(panels, TEMPERATURES, strict=True):
        ax.bar(names, [100 * x for x in softened[t]])
        ax.set(title=f"T = {t}", xlabel="next character")
    panels[0].set_ylabel("probability, percent")
    plt.show()
