"""Forward or reverse: a student with one hump imitates a teacher with two.

Sources: Bishop (2006), section 10.1.2 (both directions on such a picture); Gu et al. (2024),
section 2.1, https://arxiv.org/abs/2306.08543 (why that matters for language models)
"""

import torch
from torch import Tensor

from snippets.tools.threads import with_threads


def divergence(p: Tensor, q: Tensor) -> Tensor:
    """Measure KL(p, q) = sum of p (ln p - ln q), nats, of shares `(V,)` without zeros.

    Raises:
        ValueError: If the shapes differ.
    """
    if p.shape != q.shape:
        raise ValueError(f"wanted equal shapes, got {tuple(p.shape)} and {tuple(q.shape)}")
    return (p * (p.log() - q.log())).sum()


def one_hump(places: Tensor, middle: Tensor, log_width: Tensor) -> Tensor:
    """Spread shares over places `(V,)` like a bell."""
    return (-0.5 * ((places - middle) / log_width.exp()) ** 2).softmax(0).clamp_min(1e-300)


def fit_hump(places: Tensor, teacher: Tensor, reverse: bool, start: float = 0.5) -> Tensor:
    """Find the bell that is nearest to a teacher's shares.

    Args:
        places: `(V,)`, float64.
        teacher: `(V,)`, shares, none of them zero.
        reverse: Whether to lower KL(student, teacher) instead of KL(teacher, student).
        start: Where the student's middle is at first.

    Returns:
        `(2,)`, middle and width.
    """
    knobs = torch.tensor([start, 0.0], dtype=places.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([knobs], lr=0.05)
    for _ in range(500):
        student = one_hump(places, *knobs)  # (V,)
        loss = divergence(student, teacher) if reverse else divergence(teacher, student)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    middle, log_width = knobs.detach()
    return torch.stack([middle, log_width.exp()])


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    places = torch.linspace(-6, 6, 241, dtype=torch.float64)
    zero = torch.zeros((), dtype=torch.float64)
    left, right = (one_hump(places, zero + m, zero - 0.7) for m in (-2, 2))
    teacher = 0.4 * left + 0.6 * right
    with with_threads(1):
        found = {way: fit_hump(places, teacher, way == "reverse") for way in ("forward", "reverse")}
        elsewhere = round(float(fit_hump(places, teacher, True, start=-3.0)[0]), 2)
    students = {way: one_hump(places, m, w.log()) for way, (m, w) in found.items()}
    valley = (places.abs() < 1).double()
    middle = {way: round(float(knobs[0]), 2) for way, knobs in found.items()}
    width = {way: round(float(knobs[1]), 2) for way, knobs in found.items()}
    in_valley = {way: round(float(students[way] @ valley), 3) for way in found}
    teacher_in_valley = round(float(teacher @ valley), 3)
    for way in found:
        print(
            f"{way}: middle {middle[way]}, width {width[way]}, in the valley {in_valley[way]:.1%}"
        )
    print(f"reverse, started on the left: middle {elsewhere}")
    print(f"the teacher is in the valley {teacher_in_valley:.1%} of the time")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    ax.fill_between(places, 20 * teacher, alpha=0.2, color="C2", label="teacher")
    for way, style in (("forward", "-"), ("reverse", "--")):
        ax.plot(places, 20 * students[way], style, label=f"student, {way}")
    ax.set(title="One hump imitates two", xlabel="what could be said", ylabel="probability density")
    ax.legend()
    plt.show()
