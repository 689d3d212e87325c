import math

import pytest
import torch
from torch.nn.functional import softplus

from sitebuild.book import Book
from snippets.training.dpo import dpo_loss

N = 7


@pytest.fixture
def four():
    return [-30 * torch.rand(N, dtype=torch.float64) for _ in range(4)]


@pytest.mark.parametrize("beta", [0.05, 0.5, 3.0])
def test_agrees_with_the_formula_that_trl_gives(four, beta):
    pc, pr, rc, rr = four
    expected = sum(
        softplus(-beta * ((pc[i] - pr[i]) - (rc[i] - rr[i]))) for i in range(N)
    )  # -log sigmoid(x) = softplus(-x)
    torch.testing.assert_close(dpo_loss(pc, pr, rc, rr, beta), expected / N)


def test_agrees_with_numbers_worked_by_hand():
    # the policy moved chosen by +1 and rejected by -1, so the margin is 2; times 0.5 it is 1
    chosen, rejected = torch.tensor([-4.0]), torch.tensor([-6.0])
    loss = dpo_loss(chosen, rejected, torch.tensor([-5.0]), torch.tensor([-5.0]), 0.5)
    assert loss.item() == pytest.approx(math.log(1 + math.exp(-1)))


def test_begins_at_ln_2_whatever_the_songs_and_beta(four):
    for beta in (0.01, 1.0, 10.0):
        loss = dpo_loss(four[0], four[1], four[0], four[1], beta)
        assert loss.item() == pytest.approx(math.log(2))


def test_a_pair_the_wrong_way_round_costs_the_margin(four):
    pc, pr, rc, rr = four
    one, other = (dpo_loss(*pair, 0.3) for pair in ((pc, pr, rc, rr), (pr, pc, rr, rc)))
    margin = 0.3 * ((pc - rc) - (pr - rr))  # log sigmoid(-x) = log sigmoid(x) - x
    assert (other - one).item() == pytest.approx(margin.mean().item())


def test_one_step_makes_chosen_likelier_than_rejected():
    logits = torch.randn(5).requires_grad_()
    chosen, rejected = torch.tensor([1]), torch.tensor([3])
    reference = logits.detach().log_softmax(0)
    told = logits.log_softmax(0)
    dpo_loss(told[chosen], told[rejected], reference[chosen], reference[rejected], 0.5).backward()
    with torch.no_grad():
        after = (logits - 0.1 * logits.grad).log_softmax(0)
    moved = after - reference
    assert moved[1] > 0 > moved[3]
    assert moved[[0, 2, 4]].abs().max() < 0.2 * moved[1]


def test_no_pair_and_no_partner_are_refused():
    none, one = torch.zeros(0), torch.zeros(1)
    with pytest.raises(ValueError, match=r"at least one pair, got \(0,\), \(0,\), \(0,\), \(0,\)"):
        dpo_loss(none, none, none, none, 0.1)
    with pytest.raises(ValueError, match=r"got \(1,\), \(1,\), \(0,\), \(1,\)"):
        dpo_loss(one, one, none, one, 0.1)
    with pytest.raises(ValueError, match="wanted a beta above 0, got 0"):
        dpo_loss(one, one, one, one, 0)


def test_page_says_a_larger_beta_stays_nearer_and_chosen_falls_too():
    small, large = Book().result("training.dpo")["values"]["rows"]
    assert small["kl"] - small["kl_spread"] > large["kl"] + large["kl_spread"]
    for row in (small, large):
        assert row["rejected"] < row["chosen"] < 0
        assert row["applause"] > 12


def test_page_says_applause_rises_but_less_than_with_the_judge():
    rows = Book().result("training.dpo")["values"]["rows"]
    judged = Book().result("training.preferences")["values"]["rows"]
    assert judged[0]["applause"] + 2 < rows[0]["applause"] < judged[1]["applause"] - 2
