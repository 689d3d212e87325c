from itertools import combinations

import pytest
import torch
from torch.nn.functional import normalize

from snippets.retrieval.top_two import (
    lead_of,
    on_a_circle,
    pairs_on_top,
    query_for,
    wound_twice,
)
from tests.shapes import check_shapes


def random_points(n, d, seed=0):
    chance = torch.Generator().manual_seed(seed)
    return normalize(torch.randn(n, d, generator=chance, dtype=torch.float64), dim=1)


def tried_out(points, queries):
    """Ask very many random questions and note which two come first."""
    top = (queries @ points.T).topk(2).indices.sort(1).values
    return {tuple(pair) for pair in top.unique(dim=0).tolist()}


@pytest.mark.parametrize("d", [2, 3, 4])
def test_agrees_with_two_hundred_thousand_random_queries(d):
    points = random_points(7, d, seed=1)
    found = tried_out(points, random_points(200_000, d, seed=2))
    assert found == set(pairs_on_top(points))


@pytest.mark.parametrize("d", [2, 3, 4, 5])
def test_every_pair_comes_with_a_query_that_proves_it(d):
    points = random_points(11, d)
    pairs = check_shapes(pairs_on_top, points)[0]
    assert all(lead_of(points, pair, query) > 0 for pair, query in pairs.items())
    assert all(float(query.norm()) == pytest.approx(1) for query in pairs.values())


@pytest.mark.parametrize("n", [7, 11, 13, 20])
def test_page_says_n_on_a_circle_and_by_eulers_formula_3n_less_6_on_a_ball(n):
    assert len(pairs_on_top(random_points(n, 2))) == n
    assert len(pairs_on_top(random_points(n, 3))) == 3 * n - 6
    neighbours = {tuple(sorted((k, (k + 1) % n))) for k in range(n)}
    assert set(pairs_on_top(on_a_circle(n))) == neighbours


@pytest.mark.parametrize("n", [7, 13, 97])
def test_page_says_four_numbers_can_do_all_pairs(n):
    points = wound_twice(n)
    assert points.norm(dim=1).sub(1).abs().max() < 1e-12
    for i, j in combinations(range(n), 2):
        assert lead_of(points, (i, j), query_for(i, j, n)) > 0
    if n < 14:
        assert len(pairs_on_top(points)) == n * (n - 1) // 2


def test_page_says_the_lead_shrinks_sixteenfold_with_each_doubling():
    leads = [lead_of(wound_twice(n), (0, 1), query_for(0, 1, n)) for n in (48, 96, 192, 384)]
    for wide, narrow in zip(leads, leads[1:], strict=False):
        assert wide / narrow == pytest.approx(16, rel=0.02)
    assert leads[0] < 2**-11 < lead_of(wound_twice(24), (0, 1), query_for(0, 1, 24))


def test_page_says_sixteen_bits_lie_so_far_apart():
    near = torch.tensor([0.7]).half()
    assert float(torch.nextafter(near, torch.ones(1).half()) - near) == 2**-11


def test_page_says_three_numbers_lose_pairs_and_seven_lose_none():
    assert len(pairs_on_top(random_points(12, 3))) == 30 < 66
    chance = torch.Generator().manual_seed(0)
    for d in (2, 3, 4, 5, 6, 7):
        points = torch.randn(12, d, generator=chance, dtype=torch.float64)
        pairs = pairs_on_top(normalize(points, dim=1))
    assert len(pairs) == 66


@pytest.mark.parametrize("shape", [(3, 3), (5,), (7, 1)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="wanted n > d >= 2 rows of length 1, got"):
        pairs_on_top(torch.ones(shape, dtype=torch.float64))


def test_other_lengths_are_refused():
    with pytest.raises(ValueError, match="rows of length 1"):
        pairs_on_top(2 * random_points(7, 3))
