from functools import partial

import pytest
import torch

from snippets.model.gradient_by_distance import (
    READER_WIDTH,
    attention_reader,
    influence_by_distance,
    lstm_reader,
    rnn_reader,
)
from snippets.model.recurrence import read_in_order, rnn_step
from tests.shapes import check_shapes


def chance(seed=0):
    return torch.Generator().manual_seed(seed)


def quiet_tokens(n, seed=1):
    options = {"generator": chance(seed), "dtype": torch.float64}
    return 0.3 * torch.randn(n, READER_WIDTH, **options)


READERS = {
    "rnn": lambda seed: rnn_reader(0.8, chance(seed)),
    "lstm": lambda seed: lstm_reader(1.0, 0.0, chance(seed)),
    "holds on": lambda seed: lstm_reader(8.0, -6.0, chance(seed)),
    "attention": lambda seed: attention_reader(chance(seed)),
    "wide": lambda seed: rnn_reader(1.2, chance(seed)),
    "no bend": lambda seed: rnn_reader(1.2, chance(seed), bend=False),
}


@pytest.mark.parametrize("name", READERS)
def test_agrees_with_finite_differences(name):
    read, tokens, step = READERS[name](0), quiet_tokens(7), 1e-6
    (sizes), checked = check_shapes(influence_by_distance, read, tokens)
    assert checked >= 2
    for distance in (0, 3, 6):
        total = 0.0
        for c in range(READER_WIDTH):
            nudge = torch.zeros_like(tokens)
            nudge[6 - distance, c] = step
            change = (read(tokens + nudge) - read(tokens - nudge)) / (2 * step)
            total += change.square().sum().item()
        assert sizes[distance].item() == pytest.approx(total**0.5, rel=1e-5)


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.3])
def test_without_a_bend_it_is_the_scale_to_the_power_of_the_distance(scale):
    sizes = influence_by_distance(rnn_reader(scale, chance(), bend=False), quiet_tokens(13))
    powers = scale ** torch.arange(13, dtype=torch.float64)
    torch.testing.assert_close(sizes / sizes[0], powers)


def test_with_a_bend_it_is_the_product_of_the_jacobians():
    options = {"dtype": torch.float64}
    w_x, w_h, bias = torch.randn(5, 3, **options), torch.randn(5, 5, **options), torch.zeros(5)
    step, start = partial(rnn_step, w_x=w_x, w_h=w_h, bias=bias), torch.zeros(1, 5, **options)
    tokens = torch.randn(7, 3, **options)
    states = read_in_order(step, tokens[None], start)
    sizes = influence_by_distance(lambda x: read_in_order(step, x[None], start)[-1][0], tokens)
    jacobian = torch.diag(1 - states[-1][0] ** 2)  # of the last bend
    for distance in range(7):
        torch.testing.assert_close(sizes[distance], (jacobian @ w_x).norm())
        if distance < 6:
            slope = torch.diag(1 - states[-2 - distance][0] ** 2)
            jacobian = jacobian @ w_h @ slope


def medians(name, draws=5):
    """As the demo does it, with other seeds: relative to the newest token."""
    sizes = [
        influence_by_distance(READERS[name](s), quiet_tokens(61, s + 50)) for s in range(20, 25)
    ]
    sizes = torch.stack(sizes[:draws])
    share = (sizes[:, :10].sum(1) / sizes.sum(1)).median().item()
    return (sizes / sizes[:, :1]).median(0).values, share


def test_page_says_recent_tokens_weigh_more_in_an_rnn_and_an_lstm():
    even = 10 / 61
    for name, least in (("rnn", 0.9), ("lstm", 0.7)):
        curve, share = medians(name)
        assert share > least > 4 * even
        assert curve[1] > 3 * curve[10] > 30 * curve[60]
    assert 1e-10 < medians("rnn")[0][60] < 1e-8  # billionths


def test_page_says_the_bend_only_shrinks():
    straight, bent = medians("no bend")[0], medians("wide")[0]
    assert straight[60] == pytest.approx(1.2**60, rel=1e-6)
    assert bent[60] < 0.3 * bent[0]
    for seed in range(3):  # for one and the same net, at every distance
        tokens = quiet_tokens(31, seed)
        loud = influence_by_distance(rnn_reader(1.2, chance(seed), bend=False), tokens)
        assert (influence_by_distance(rnn_reader(1.2, chance(seed)), tokens) <= loud).all()


def test_page_says_an_open_memory_and_attention_stay_level():
    for name in ("holds on", "attention"):
        curve, share = medians(name)
        assert 0.3 < curve[60] / curve[1] < 3
        assert 0.1 < share < 0.3  # an even share is 0.16


def test_page_says_the_usual_gate_leaks_and_the_locked_one_does_not():
    usual, locked = torch.tensor([1.0, 8.0]).sigmoid().tolist()
    assert usual**60 < 1e-7
    assert locked**60 > 0.97


def test_page_says_the_open_memory_listens_little():
    tokens = quiet_tokens(31)
    usual = influence_by_distance(lstm_reader(1.0, 0.0, chance()), tokens)[0]
    assert influence_by_distance(lstm_reader(8.0, -6.0, chance()), tokens)[0] < 0.1 * usual


def test_tokens_must_be_a_matrix():
    with pytest.raises(ValueError, match=r"\(T, C\), got \(2, 3, 5\)"):
        influence_by_distance(lambda x: x, torch.zeros(2, 3, 5))
