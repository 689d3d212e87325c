import pytest
import torch

from snippets.model.scaling import random_scores, responsiveness, softmax_jacobian
from tests.shapes import check_shapes

SIZES = (16, 64, 256, 1024)


def test_the_jacobian_agrees_with_autograd(device):
    scores = torch.randn(3, 7, device=device)
    got, checked = check_shapes(softmax_jacobian, scores.softmax(-1))
    for row, matrix in zip(scores, got, strict=True):
        expected = torch.autograd.functional.jacobian(lambda s: s.softmax(-1), row)
        torch.testing.assert_close(matrix, expected)
    assert checked == 1


def test_nudging_all_scores_alike_changes_nothing():
    jacobian = softmax_jacobian(torch.randn(3, 7).softmax(-1))
    torch.testing.assert_close(jacobian.sum(-1), torch.zeros(3, 7))


def test_a_certain_softmax_is_deaf():
    certain = torch.tensor([[100.0, 0.0, 0.0]])
    undecided = torch.zeros(1, 3)
    assert responsiveness(certain) < 1e-9
    assert responsiveness(undecided) == pytest.approx((3 * (2 / 9) ** 2 + 6 / 81) ** 0.5)


def test_scores_are_dot_products_of_what_was_drawn():
    scores, checked = check_shapes(random_scores, 11, 5, 3)
    dice = torch.Generator().manual_seed(0)
    q = torch.randn(5, 1, 11, generator=dice, dtype=torch.float64)
    k = torch.randn(5, 3, 11, generator=dice, dtype=torch.float64)
    torch.testing.assert_close(scores, torch.einsum("nqd,nkd->nk", q, k))
    assert checked == 2


@pytest.mark.parametrize("d", SIZES)
def test_page_says_the_variance_of_a_score_is_d(d):
    scores = random_scores(d, samples=100, keys=64, seed=1)
    assert float(scores.var()) == pytest.approx(d, rel=0.15)
    assert float((scores / d**0.5).var()) == pytest.approx(1, rel=0.15)


def test_page_says_without_scaling_the_softmax_goes_deaf():
    raw, scaled = [], []
    for d in SIZES:
        scores = random_scores(d, samples=100, keys=64, seed=1)
        raw.append(responsiveness(scores))
        scaled.append(responsiveness(scores / d**0.5))
    assert raw[0] > raw[1] > 3 * raw[2] > 60 * raw[3]
    assert raw[0] > 200 * raw[3]
    assert max(scaled) < 1.15 * min(scaled)
    assert 1.5 * scaled[0] < raw[0] < 2 * scaled[0]  # at 16 the unscaled one answers more


def test_no_keys_are_refused():
    with pytest.raises(ValueError, match="keys=0"):
        random_scores(3, 5, 0)


def test_page_says_a_lead_of_thirty_silences_the_rest():
    best = torch.tensor([30.0] + 63 * [0.0], dtype=torch.float64).softmax(0)[0]
    assert 0 < 1 - best < 1e-10
