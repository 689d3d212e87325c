import math

import pytest
import torch
from torch.distributions import Categorical, kl_divergence

from sitebuild.book import Book
from snippets.compression.two_divergences import divergence, fit_hump, one_hump

PLACES = torch.linspace(-6, 6, 97, dtype=torch.float64)


def number(x):
    return torch.tensor(x, dtype=torch.float64)


def two_humps(share=0.3):
    left, right = (one_hump(PLACES, number(m), number(-0.6)) for m in (-2.2, 1.8))
    return share * left + (1 - share) * right


def test_agrees_with_pytorchs_divergence():
    p, q = two_humps(), one_hump(PLACES, number(0.3), number(0.5))
    for a, b in ((p, q), (q, p)):
        known = kl_divergence(Categorical(a), Categorical(b)).item()
        assert divergence(a, b).item() == pytest.approx(known)
    assert divergence(p, q).item() != pytest.approx(divergence(q, p).item(), rel=0.1)


def test_forward_agrees_with_the_teachers_mean_and_spread():
    """For a bell, lowering KL(teacher, student) means to match two moments."""
    teacher = two_humps()
    mean = (teacher * PLACES).sum()
    spread = (teacher * (PLACES - mean) ** 2).sum().sqrt()
    found = fit_hump(PLACES, teacher, reverse=False)
    student = one_hump(PLACES, found[0], found[1].log())
    assert (student * PLACES).sum().item() == pytest.approx(mean.item(), abs=0.01)
    student_spread = (student * (PLACES - (student * PLACES).sum()) ** 2).sum().sqrt()
    assert student_spread.item() == pytest.approx(spread.item(), abs=0.02)


def test_both_directions_agree_if_the_student_can_do_it():
    teacher = one_hump(PLACES, number(0.7), number(-0.2))
    for reverse in (False, True):
        wanted = [0.7, math.exp(-0.2)]
        assert fit_hump(PLACES, teacher, reverse).tolist() == pytest.approx(wanted, abs=0.02)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match=r"got \(97,\) and \(90,\)"):
        divergence(PLACES, PLACES[:90])


def test_page_says_forward_covers_both_and_reverse_takes_one():
    values = Book().result("compression.two_divergences")["values"]
    assert abs(values["middle"]["forward"]) < 1
    assert values["width"]["forward"] > 1.8
    assert values["in_valley"]["forward"] > 10 * values["teacher_in_valley"]
    assert values["middle"]["reverse"] == pytest.approx(2, abs=0.05)
    assert values["width"]["reverse"] == pytest.approx(0.5, abs=0.03)
    assert values["in_valley"]["reverse"] <= 1.2 * values["teacher_in_valley"]
    assert values["elsewhere"] == pytest.approx(-2, abs=0.05)
