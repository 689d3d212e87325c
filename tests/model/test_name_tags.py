import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.name_tags import AI_QUESTION, PARTY_GUESTS, ask_the_room
from tests.shapes import check_shapes

S, D, E = 7, 5, 3


def party():
    keys = torch.tensor([tag for _, tag, _ in PARTY_GUESTS])
    values = torch.tensor([spot for _, _, spot in PARTY_GUESTS])
    return ask_the_room(torch.tensor(AI_QUESTION), keys, values), values


def test_agrees_with_pytorch(device):
    query, keys, values = (torch.randn(*s, device=device) for s in ((D,), (S, D), (S, E)))
    (_, _, output), checked = check_shapes(ask_the_room, query, keys, values)
    expected = scaled_dot_product_attention(
        query.view(1, 1, 1, D), keys[None, None], values[None, None]
    )
    torch.testing.assert_close(output, expected.flatten())
    assert checked == 3


def test_the_answer_lies_inside_the_spots():
    """Walk around the spots: the answer must be on the same side of every edge."""
    (_, weights, output), spots = party()
    assert weights.min() > 0
    assert float(weights.sum()) == pytest.approx(1)
    walk = [0, 1, 2, 3, 0]
    sides = []
    for here, there in zip(walk, walk[1:], strict=False):
        edge, arm = spots[there] - spots[here], output - spots[here]
        sides.append(float(edge[0] * arm[1] - edge[1] * arm[0]))
    assert all(side < -1 for side in sides)  # the walk is clockwise


def test_no_direction_leaves_the_hull(device):
    """The hull's definition by half-planes: no direction in which the output beats every value."""
    query, keys, values = (torch.randn(*s, device=device) for s in ((D,), (S, D), (S, E)))
    _, _, output = ask_the_room(query, keys, values)
    directions = torch.randn(997, E, device=device)
    assert ((directions @ output) <= (values @ directions.T).amax(0) + 1e-6).all()


def test_worked_by_hand():
    (scores, _, _), _ = party()
    assert scores.tolist() == pytest.approx([5 / 2, 4 / 2, 0 / 2, 2 / 2])


def test_page_says_the_chef_is_never_silent():
    (_, weights, _), _ = party()
    assert 0.03 < weights[2] < 0.06
    assert weights[0] > 1.5 * weights[1] > 3 * weights[3]


def test_page_says_half_a_point_is_a_factor_of_root_e():
    (scores, weights, _), _ = party()
    assert float(weights[0] / weights[1]) == pytest.approx(float((scores[0] - scores[1]).exp()))
    assert 1.6 < float(weights[0] / weights[1]) < 1.7


def test_values_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="need shapes"):
        ask_the_room(torch.zeros(D), torch.zeros(S, D), torch.zeros(S + 1, E))


def test_page_says_shouting_makes_softmax_choose():
    (scores, weights, _), _ = party()
    assert weights[0] < 0.6 < 0.99 < (10 * scores).softmax(0)[0]
