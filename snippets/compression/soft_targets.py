"""Learn from a teacher's whole distribution: soft targets, and why T squared stands before them.

Source: Hinton, Vinyals and Dean (2015), section 2, https://arxiv.org/abs/1503.02531
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.tools.threads import with_threads


def soft_target_loss(student: Tensor, teacher: Tensor, temperature: float = 1.0) -> Tensor:
    """Measure how far a student's softened distribution is from its teacher's, times T squared.

    Args:
        student: `(N, V)`, logits.
        teacher: `(N, V)`, logits; no gradient flows into them.
        temperature: T, divides both.

    Returns:
        `()`, the mean over N of T² KL(teacher, student), nats.

    Raises:
        ValueError: If the shapes differ or the temperature is not above 0.
    """
    if student.shape != teacher.shape or temperature <= 0:
        shapes = f"{tuple(student.shape)} and {tuple(teacher.shape)}"
        raise ValueError(f"wanted equal shapes and T > 0, got {shapes}, T = {temperature}")
    wanted = (teacher.detach() / temperature).log_softmax(-1)  # (N, V)
    said = (student / temperature).log_softmax(-1)  # (N, V)
    return temperature**2 * (wanted.exp() * (wanted - said)).sum(-1).mean()


def distillation_loss(
    student: Tensor, teacher: Tensor, answers: Tensor, temperature: float, share: float
) -> Tensor:
    """Mix both teachers: the large model's distribution and what really stands in the text.

    Args:
        student: `(N, V)`, logits.
        teacher: `(N, V)`, logits.
        answers: `(N,)`, int64, the tokens that really come next.
        temperature: As in `soft_target_loss`.
        share: Weight of the soft targets, from 0 to 1; the text has the rest.

    Raises:
        ValueError: If the share is outside.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"wanted a share from 0 to 1, got {share}")
    soft = soft_target_loss(student, teacher, temperature)
    return share * soft + (1 - share) * cross_entropy(student, answers)


def gradient_length(loss: Tensor, logits: Tensor) -> float:
    """Measure the mean length of the gradient that arrives at each row of logits `(N, V)`."""
    (gradient,) = torch.autograd.grad(loss, logits)
    return len(logits) * gradient.norm(dim=-1).mean().item()


if __name__ == "__main__":
    TEMPERATURES = (1, 2, 4, 8, 16)
    (teacher, _), (pupil, _), (_, _, held_out) = load_tiny(), load_tiny(100), play_ids()
    with torch.no_grad(), with_threads(1):
        ids = held_out[: 32 * 65].view(32, 65)
        wanted, first = (model(ids[:, :-1]).flatten(0, 1) for model in (teacher, pupil))
    logits, answers = first.requires_grad_(), ids[:, 1:].flatten()
    from_text = round(gradient_length(cross_entropy(logits, answers), logits), 2)
    lengths = []
    for t in TEMPERATURES:
        whole = gradient_length(soft_target_loss(logits, wanted, t), logits)
        lengths.append({"t": t, "with": whole, "without": whole / t**2})
    fades = round(lengths[0]["without"] / lengths[-1]["without"], -1)
    spread = round(max(r["with"] for r in lengths) / min(r["with"] for r in lengths), 1)
    lengths = [{name: round(x, 3) for name, x in row.items()} for row in lengths]
    print(f"length of the gradient from the text alone: {from_text}")
    for row in lengths:
        print(f"T = {row['t']:>2}: with T² {row['with']:.2f}, without {row['without']:.3f}")
    print(f"without T² it fades {fades:.0f} times; with it, all lie within {spread} times")
