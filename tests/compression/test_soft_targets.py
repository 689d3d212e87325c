import pytest
import torch
from torch.nn.functional import cross_entropy, kl_div

from sitebuild.book import Book
from snippets.compression.soft_targets import (
    distillation_loss,
    gradient_length,
    soft_target_loss,
)


def some_logits(seed=0, spread=2.0):
    chance = torch.Generator().manual_seed(seed)
    made = (torch.randn(13, 7, generator=chance, dtype=torch.float64) * spread for _ in range(2))
    student, teacher = made
    return student.requires_grad_(), teacher


@pytest.mark.parametrize("temperature", [0.5, 1, 2, 7])
def test_agrees_with_pytorchs_divergence(temperature):
    student, teacher = some_logits()
    said = (student / temperature).log_softmax(-1)
    wanted = (teacher / temperature).softmax(-1)
    known = temperature**2 * kl_div(said, wanted, reduction="batchmean")
    assert soft_target_loss(student, teacher, temperature).item() == pytest.approx(known.item())


def test_at_temperature_1_the_gradient_is_that_of_cross_entropy_with_shares():
    student, teacher = some_logits()
    ours = torch.autograd.grad(soft_target_loss(student, teacher), student)[0]
    known = torch.autograd.grad(cross_entropy(student, teacher.softmax(-1)), student)[0]
    torch.testing.assert_close(ours, known)


def test_no_loss_for_who_says_the_same_and_some_for_all_others():
    student, teacher = some_logits()
    assert soft_target_loss(teacher + 5, teacher, 3).item() == pytest.approx(0, abs=1e-12)
    assert soft_target_loss(student, teacher, 3).item() > 0


def test_the_teacher_gets_no_gradient():
    student, teacher = some_logits()
    teacher.requires_grad_()
    distillation_loss(student, teacher, torch.zeros(13, dtype=torch.int64), 2, 0.5).backward()
    assert teacher.grad is None
    assert student.grad is not None


def test_when_it_is_hot_logits_are_matched_by_squares():
    """Hinton, Vinyals and Dean (2015), section 2.1: the gradient becomes (z - v) / V."""
    student, teacher = some_logits()
    gradient = torch.autograd.grad(soft_target_loss(student, teacher, 1000), student)[0]
    gap = student - student.mean(-1, keepdim=True) - teacher + teacher.mean(-1, keepdim=True)
    torch.testing.assert_close(13 * gradient, gap.detach() / 7, rtol=0.02, atol=2e-3)


def test_the_ends_of_the_mixture_are_its_parts():
    student, teacher = some_logits()
    answers = torch.arange(13) % 7
    ends = [distillation_loss(student, teacher, answers, 2, share).item() for share in (0, 1)]
    parts = [cross_entropy(student, answers).item(), soft_target_loss(student, teacher, 2).item()]
    assert ends == pytest.approx(parts)


def test_the_length_is_a_mean_over_rows():
    logits = torch.zeros(5, 3, requires_grad=True)
    loss = (logits @ torch.tensor([3.0, 4.0, 0.0])).mean()
    assert gradient_length(loss, logits) == pytest.approx(5)


def test_what_cannot_be_is_refused():
    student, teacher = some_logits()
    with pytest.raises(ValueError, match=r"wanted equal shapes .* got \(13, 7\) and \(13, 6\)"):
        soft_target_loss(student, teacher[:, 1:])
    with pytest.raises(ValueError, match="T = 0"):
        soft_target_loss(student, teacher, 0)
    with pytest.raises(ValueError, match="share from 0 to 1, got 2"):
        distillation_loss(student, teacher, torch.zeros(13, dtype=torch.int64), 1, 2)


def test_page_says_t_squared_keeps_the_gradient_at_one_size():
    values = Book().result("compression.soft_targets")["values"]
    rows = values["lengths"]
    assert [row["t"] for row in rows] == [1, 2, 4, 8, 16]
    assert values["spread"] < 2
    assert values["fades"] > 256
    assert rows[-1]["without"] < 0.01 * values["from_text"]
    assert all(0.2 < row["with"] / values["from_text"] < 1 for row in rows)
