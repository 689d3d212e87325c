"""The groove: how much a text repeats itself, a penalty against it, and what the penalty spoils.

Sources: Holtzman et al. (2020), section 5.3, https://arxiv.org/abs/1904.09751 (repetition); Keskar
et al. (2019), section 4.1, https://arxiv.org/abs/1909.05858 (the penalty)
"""

from collections.abc import Sequence

import torch

from snippets.model.generate import generate
from snippets.model.smollm2 import load

GROOVE = "When the last train had left, the station cat got up and stretched."
MUST_REPEAT = {
    "Mon open\nTue open\nWed open\nThu open\nFri": 1,  # how many tokens to write
    "The code of the door is 7 7 4 4 7. I repeat, the code of the door is": 10,
}


def repeated_share(tokens: Sequence[int], size: int = 4) -> float:
    """Say which share of all runs of `size` tokens has occurred before.

    Raises:
        ValueError: If there is no run of that size.
    """
    runs = [tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]
    if not runs:
        raise ValueError(f"wanted at least {size} tokens, got {len(tokens)}")
    return 1 - len(set(runs)) / len(runs)


def first_return(tokens: Sequence[int], size: int = 4) -> int | None:
    """Say after how many tokens the first run of `size` tokens comes back, if it does."""
    start = list(tokens[:size])
    found = [n for n in range(1, len(tokens)) if list(tokens[n : n + size]) == start]
    return found[0] if found else None


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()

    def go_on(text: str, count: int, penalty: float) -> list[int]:
        """Write greedily, with a penalty."""
        ids = torch.tensor([tokenizer.encode(text)])
        return generate(model, ids, count, repetition_penalty=penalty)[0, ids.shape[1] :].tolist()

    stories = {str(penalty): go_on(GROOVE, 39, penalty) for penalty in (1.0, 1.3)}
    shares = {penalty: round(repeated_share(story), 2) for penalty, story in stories.items()}
    for penalty, story in stories.items():
        print(f"penalty {penalty}, {shares[penalty]:.0%} repeated: ...{tokenizer.decode(story)!r}")
    rows = []
    for text, count in MUST_REPEAT.items():
        plain, punished = (tokenizer.decode(go_on(text, count, p)).strip() for p in (1.0, 1.3))
        rows.append({"text": text.split("\n")[-1], "plain": plain, "punished": punished})
        print(f"... {rows[-1]['text'][-22:]} -> {plain}; with a penalty -> {punished}")

    story, prompt = stories["1.0"], tokenizer.encode(GROOVE)
    with torch.no_grad():
        chances = model(torch.tensor([prompt + story]))[0, len(prompt) - 1 : -1].softmax(-1)
    chances = chances[range(len(story)), story]  # (N,), of each token written
    period = first_return(story) or len(story)
    rounds = [round(part.mean().item(), 2) for part in chances[: 3 * period].split(period)]
    print(f"a round takes {period} tokens; mean probability in each round: {rounds}")
    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    ax.plot(range(1, len(story) + 1), 100 * chances, "o-", linewidth=1.2)
    for end in range(period, len(story), period):
        ax.axvline(end + 0.5, color="C1", linestyle=":")
    ax.set(
        title="The same sentence, again and again", xlabel="token", ylabel="probability, percent"
    )
    plt.show()
