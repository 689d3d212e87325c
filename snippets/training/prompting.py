"""Teach by example, and count: accuracy against the number of examples in the prompt.

Sources: Brown et al. (2020), section 2 and figure 1.2, https://arxiv.org/abs/2005.14165; Wei et
al. (2023), https://arxiv.org/abs/2303.03846 (labels without meaning)
"""

import hashlib
import random

import torch

from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.facts_opposites import OPPOSITES, VERDICTS
from snippets.training.few_shot import count_hits, quiz_scores, wilson_interval

SHOT_COUNTS, SHOT_DRAWS, QUIZ_SIZE = (0, 1, 2, 4, 8, 16), 3, 100
QUIZ_LABELS = {
    "opposites": (),
    "blue or red": (" blue", " red"),
    "positive or negative": (" positive", " negative"),
}
Pair = tuple[str, str]


def opposites_quiz() -> tuple[list[Pair], list[str], list[tuple[str, ...]]]:
    """Give pairs to show, words to ask and eight options for each, the right one first."""
    asked = OPPOSITES[:QUIZ_SIZE]
    right = [f" {pair.opposite}" for pair in asked]
    options = [
        tuple(right[(n + 13 * step) % QUIZ_SIZE] for step in range(8)) for n in range(QUIZ_SIZE)
    ]
    shown = [(pair.word, f" {pair.opposite}") for pair in OPPOSITES[QUIZ_SIZE:]]
    return shown, [pair.word for pair in asked], options


def verdict_quiz(labels: Pair) -> tuple[list[Pair], list[str], list[tuple[str, ...]]]:
    """Give words to show, good and bad in turn, words to ask, and two options, the right first."""
    good, bad = ([v.word for v in VERDICTS if v.good is kind] for kind in (True, False))
    half, (yes, no) = QUIZ_SIZE // 2, labels
    pairs = zip(good[half:], bad[half:], strict=False)
    shown = [shot for a, b in pairs for shot in ((a, yes), (b, no))]
    asked = good[:half] + bad[:half]
    return shown, asked, [(yes, no)] * half + [(no, yes)] * half


def draw_shots(shown: list[Pair], count: int, seed: int, twins: bool) -> list[Pair]:
    """Draw examples to show, the same ones first for every count.

    Args:
        shown: Examples to draw from.
        count: How many are wanted.
        seed: Of the draw.
        twins: Whether neighbours stay together, in either order, so that labels stay balanced.

    Raises:
        ValueError: If there are not so many.
    """
    if not 0 <= count <= len(shown):
        raise ValueError(f"wanted 0 to {len(shown)} examples, got {count}")
    chance, step = random.Random(seed), 2 if twins else 1
    groups = [shown[n : n + step] for n in range(0, len(shown), step)]
    chance.shuffle(groups)
    return [shot for group in groups for shot in chance.sample(group, len(group))][:count]


def weights_hash(model: torch.nn.Module) -> str:
    """Boil all weights down to a few letters: change one bit of one weight, and they change."""
    total = hashlib.blake2b(digest_size=4)
    for weight in model.state_dict().values():
        total.update(weight.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return total.hexdigest()


def run_quiz(
    model, tokenizer, name: str, counts: tuple[int, ...] = SHOT_COUNTS
) -> dict[int, list[int]]:
    """Count right answers of 100 behind so many examples; for each draw, lowest first."""
    quiz = opposites_quiz() if not QUIZ_LABELS[name] else verdict_quiz(QUIZ_LABELS[name])
    shown, asked, options = quiz
    hits = {}
    for k in counts:
        some = []
        for seed in range(SHOT_DRAWS if k else 1):  # nothing can be drawn in but one way
            shots = draw_shots(shown, k, seed, twins=bool(QUIZ_LABELS[name]))
            some.append(count_hits(quiz_scores(model, tokenizer, shots, asked, options)))
        hits[k] = sorted(some)
    return hits


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    before = weights_hash(model)
    hits, mean = {}, {}
    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    with with_threads(1):
        for number, name in enumerate(QUIZ_LABELS):
            counts = (0, 4, 16) if name.startswith("positive") else SHOT_COUNTS
            hits[name] = run_quiz(model, tokenizer, name, counts)
            mean[name] = {k: sum(some) / len(some) / QUIZ_SIZE for k, some in hits[name].items()}
            told = [f"{k}: {'-'.join(map(str, h))}" for k, h in hits[name].items()]
            print(f"{name:20} {'   '.join(told)}")
            ends = [wilson_interval(QUIZ_SIZE * share, QUIZ_SIZE) for share in mean[name].values()]
            places = [SHOT_COUNTS.index(k) + 0.1 * (number - 1) for k in counts]
            ax.plot(places, mean[name].values(), "o-", label=name)
            ax.vlines(places, *zip(*ends, strict=True), color=f"C{number}")
    questions = sum(QUIZ_SIZE * len(h) for some in hits.values() for h in some.values())
    after = weights_hash(model)
    print(f"hash of all weights before {questions:,} questions: {before}, after: {after}")
    ax.set(title="Right answers by examples shown", xlabel="examples in the prompt")
    ax.set(ylabel="share right", ylim=(0, 1.02))
    ax.set_xticks(range(len(SHOT_COUNTS)), SHOT_COUNTS)
    ax.legend(loc="lower right")
    plt.show()
