import copy
import math

import pytest
import torch

from snippets.basics.learning import LESSON, new_learner, take_step, wrongness
from snippets.model.characters import Characters

B, T, V = 3, 7, 53


@pytest.fixture
def ids():
    return torch.randint(V, (B, T))


def test_agrees_with_pytorchs_own_gradient_descent(ids):
    ours = new_learner(V)
    theirs = copy.deepcopy(ours)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.1)
    for _ in range(3):
        loss = wrongness(theirs, ids)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert take_step(ours, ids, 0.1) == pytest.approx(loss.item())
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_a_small_step_helps_by_the_rate_times_the_gradient_squared(ids):
    model = new_learner(V).double()
    wrongness(model, ids).backward()
    squared = sum(float(weight.grad.square().sum()) for weight in model.parameters())
    model.zero_grad(set_to_none=True)
    before = take_step(model, ids, 1e-5)
    assert before - wrongness(model, ids).item() == pytest.approx(1e-5 * squared, rel=1e-2)


def test_backward_moves_nothing_the_step_does(ids):
    model = new_learner(V)
    before = [weight.detach().clone() for weight in model.parameters()]
    wrongness(model, ids).backward()
    assert all(map(torch.equal, before, model.parameters()))
    model.zero_grad(set_to_none=True)
    take_step(model, ids, 0.1)
    assert not any(map(torch.equal, before, model.parameters()))


@pytest.mark.parametrize("size", [2, 97, 5003])
def test_page_says_before_the_first_step_it_is_as_good_as_a_die(size):
    with torch.no_grad():
        loss = float(wrongness(new_learner(size), torch.randint(size, (8, 100))))
    assert loss == pytest.approx(math.log(size), abs=0.06)


def test_page_says_small_steps_creep_and_leaps_get_lost():
    characters = Characters(LESSON)
    ids, ends = torch.tensor([characters.encode(LESSON)]), {}
    for rate in (0.003, 0.05, 3.0):
        torch.manual_seed(1)
        model = new_learner(len(characters))
        ends[rate] = [take_step(model, ids, rate) for _ in range(61 if rate < 1 else 6)]
    assert ends[0.05][60] < ends[0.003][60] - 0.3
    assert ends[3.0][1] > ends[3.0][0]
    assert not max(ends[3.0]) < 20


def test_no_rate_is_refused(ids):
    with pytest.raises(ValueError, match="wanted a rate above 0, got 0"):
        take_step(new_learner(V), ids, 0)
