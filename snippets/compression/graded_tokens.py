"""On-policy distillation, the half that needs no training: a student writes, the teacher grades.

Sources: Agarwal et al. (2024), section 3, https://arxiv.org/abs/2306.13649; Lu and Thinking
Machines Lab (2025), https://thinkingmachines.ai/blog/on-policy-distillation/
"""

import torch
from torch import Tensor

from snippets.model.characters import play_ids
from snippets.model.generate import generate
from snippets.model.tiny import load_tiny
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads


@torch.no_grad()
def grade_tokens(student: Transformer, teacher: Transformer, ids: Tensor) -> tuple[Tensor, Tensor]:
    """Compare at every token but the first what both thought before it came.

    Args:
        student: Whose texts they are, in on-policy distillation.
        teacher: Knows the same tokens.
        ids: `(B, T + 1)`, int64.

    Returns:
        Grades `(B, T)`, ln p of the teacher minus ln p of the student for the token that came, and
        KL(student, teacher) `(B, T)` over all tokens that might have come; both in nats.

    Raises:
        ValueError: If the two do not know the same number of tokens.
    """
    sizes = student.config.vocab_size, teacher.config.vocab_size
    if sizes[0] != sizes[1]:
        raise ValueError(f"wanted one vocabulary, got {sizes[0]} and {sizes[1]} tokens")
    said, wanted = (model(ids[:, :-1]).log_softmax(-1) for model in (student, teacher))
    gap = wanted - said  # (B, T, V)
    return gap.gather(-1, ids[:, 1:, None])[..., 0], -(said.exp() * gap).sum(-1)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    BEGINNING, LETTERS, TEXTS = "Good my lord, ", 40, 64
    (teacher, characters), (student, _), (_, _, held_out) = load_tiny(), load_tiny(300), play_ids()
    with with_threads(1):
        start = torch.tensor([characters.encode(BEGINNING)] * TEXTS)  # (B, S)
        chance = torch.Generator().manual_seed(3)
        own = generate(student, start, LETTERS, 1.0, generator=chance)  # (B, S + LETTERS)
        grades, gaps = (x[:, -LETTERS:] for x in grade_tokens(student, teacher, own))
        length = own.shape[1]
        real = held_out[: TEXTS * length].view(TEXTS, length)
        _, real_gaps = (x[:, -LETTERS:] for x in grade_tokens(student, teacher, real))
    written = characters.decode(own[0, -LETTERS:].tolist())
    marks = [round(x, 1) + 0.0 for x in grades[0].tolist()]
    worst = min(range(LETTERS), key=marks.__getitem__)
    lowest = marks[worst]
    print(repr(BEGINNING + written))
    print(f"worst letter: {written[worst]!r} after {written[:worst]!r}, grade {lowest}")
    by_draws, exactly, on_plays = (round(float(x.mean()), 2) for x in (-grades, gaps, real_gaps))
    print(f"KL(student, teacher) per letter: {exactly}; estimated from grades alone: {by_draws}")
    print(f"on a real play instead: {on_plays}")

    figure, ax = plt.subplots(figsize=(6.4, 2.8))
    ax.bar(range(LETTERS), marks, color=["C0" if mark >= 0 else "C1" for mark in marks])
    ax.set_xticks(range(LETTERS), [c.replace("\n", "¶") for c in written], fontsize=8)
    ax.set(title="The teacher grades every letter", xlabel="what the student wrote")
    ax.set_ylabel("ln p teacher minus ln p student")
    plt.show()
