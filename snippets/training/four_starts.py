"""Four starts, one new text: who reads it best after the same few steps.

Sources: Yosinski et al. (2014), section 4, https://arxiv.org/abs/1411.1792 (starts compared on one
task); the docstrings of torch and numpy (both BSD) are the new text
"""

from functools import cache

import torch
from torch import Tensor
from torch.optim import AdamW

from snippets.basics.learning import wrongness
from snippets.model.characters import Characters, play_ids
from snippets.model.training import muon_and_adamw, random_windows, train
from snippets.retrieval.docstrings import docstring_corpus
from snippets.tools.threads import with_threads
from snippets.training.freezing import learns
from snippets.training.initialization import WAYS_TO_START, start_from

START_STEPS, START_WINDOW, START_BATCH, EXAM_WINDOWS = 40, 64, 8, 24
# each the best of three on text that is neither read nor examined; noise takes that of frozen
START_RATES = {"cold": 0.1, "warm": 0.01, "frozen": 0.03, "LoRA": 0.01, "noise": 0.03}


@cache
def manual_text() -> dict[str, Tensor]:
    """Give the docstrings in Tiny's characters, cut in three, as ids `(N,)`, int64 each.

    Of ten docstrings one is for the exam and one for choosing rates; the rest is read.
    """
    characters = play_ids()[0]
    parts: dict[str, list[str]] = {"exam": [], "choose": [], "read": []}
    for n, entry in enumerate(docstring_corpus()):
        parts["exam" if n % 10 == 0 else "choose" if n % 10 == 1 else "read"].append(entry.text)
    return {name: known_ids("\n\n".join(texts), characters) for name, texts in parts.items()}


def known_ids(text: str, characters: Characters) -> Tensor:
    """Turn a text into ids `(N,)`, leaving out characters that the tokenizer lacks."""
    known = set(characters.symbols)
    return characters.ids_of("".join(symbol for symbol in text if symbol in known))


def fixed_windows(ids: Tensor, count: int) -> Tensor:
    """Cut windows `(count, T + 1)` at equal distances over the whole text.

    Raises:
        ValueError: If the text is too short for that many that do not overlap.
    """
    if len(ids) < count * (START_WINDOW + 1):
        raise ValueError(f"wanted {count * (START_WINDOW + 1)} tokens, got {len(ids)}")
    places = torch.arange(count) * (len(ids) // count)
    return ids[places[:, None] + torch.arange(START_WINDOW + 1)]


def letter_loss(read: Tensor, exam: Tensor) -> float:
    """Say what the exam costs, in nats, if one only knows how often each character is read."""
    counts = torch.bincount(read, minlength=len(play_ids()[0])) + 1.0  # (V,)
    return -(counts / counts.sum()).log()[exam].mean().item()


def course_of(way: str, rate: float, seed: int, part: str = "exam") -> list[float]:
    """Train from one start; the loss on an unread part by step, 0, 5, 10 and so on.

    Args:
        way: As in `start_from`.
        rate: The highest learning rate.
        seed: For the first weights and for what is read.
        part: "exam", or "choose" to find a rate.

    Returns:
        Nats per character.
    """
    model, told = start_from(way, seed), []
    exam = fixed_windows(manual_text()[part], EXAM_WINDOWS)  # (B, T + 1)

    def examine(done: int) -> None:
        if done % 5 == 0:
            with torch.no_grad():
                told.append(wrongness(model, exam).item())

    chance = torch.Generator().manual_seed(seed)
    sizes = (manual_text()["read"], START_BATCH, START_WINDOW)
    batches = (random_windows(*sizes, chance) for _ in range(START_STEPS))
    optimizers = [AdamW(learns(model), rate, betas=(0.9, 0.95), weight_decay=0.0)]
    if way in ("cold", "warm"):  # all learns, as when Tiny was trained
        optimizers = muon_and_adamw(model, rate, rate)
    with with_threads(1):
        train(model, batches, optimizers, START_STEPS, warm_up=4, after=examine)
    return told


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    rows, steps = [], list(range(0, START_STEPS + 1, 5))
    for way in WAYS_TO_START:
        runs = torch.tensor([course_of(way, START_RATES[way], seed) for seed in range(3)])
        mean, low, high = runs.mean(0), runs.min(0).values, runs.max(0).values
        ax.plot(steps, mean, "--" if way == "noise" else "-", label=way)
        ax.fill_between(steps, low, high, alpha=0.25)
        row = {"start": way, "rate": START_RATES[way], "before": round(float(mean[0]), 1)}
        row |= {"after": round(float(mean[-1]), 2), "spread": float(high[-1] - low[-1])}
        rows.append(row)
        print("{start:6} before {before}, after {after} nats per character".format(**row))
    by = {row["start"]: row for row in rows}
    manual, read_here = manual_text(), START_STEPS * START_BATCH * START_WINDOW
    counted = round(letter_loss(manual["read"], fixed_windows(manual["exam"], EXAM_WINDOWS)), 1)
    print(f"counting letters alone: {counted}")
    half = (counted - by["noise"]["after"]) / (counted - by["frozen"]["after"])
    print(f"of what a frozen start gains on that, a head on noise gains {half:.1f}")
    ax.axhline(counted, color="C7", linestyle=":")
    ax.text(START_STEPS, counted + 0.05, "counting letters", ha="right", va="bottom")
    ax.legend(title="start", loc="lower left")
    ax.set(title="One new text, four starts", xlabel="steps", ylim=0)
    ax.set_ylabel("loss on unread text, nats")
    plt.show()
