from itertools import combinations

import pytest
import torch

from snippets.compression.two_of_four import (
    pack_two_of_four,
    prune_two_of_four,
    unpack_two_of_four,
)

OUT, IN = 5, 24


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_agrees_with_trying_all_pairs(device, dtype):
    weight = torch.randn(OUT, IN, device=device).to(dtype)
    pruned = prune_two_of_four(weight, weight.abs())
    for before, after in zip(weight.view(-1, 4), pruned.view(-1, 4), strict=True):
        pairs = list(combinations(range(4), 2))
        best = max(pairs, key=lambda pair: float(before[list(pair)].float().abs().sum()))
        expected = torch.zeros_like(before)
        expected[list(best)] = before[list(best)]
        assert torch.equal(after, expected)


def test_of_equals_the_first_two_stay():
    pruned = prune_two_of_four(torch.arange(1.0, 9).view(1, 8), torch.ones(1, 8))
    assert pruned.tolist() == [[1, 2, 0, 0, 5, 6, 0, 0]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.int8])
def test_unpacked_as_it_was_bit_for_bit(device, dtype):
    weight = (20 * torch.randn(OUT, IN, device=device)).to(dtype)
    pruned = prune_two_of_four(weight, weight.abs())
    pruned[1, :8], pruned[2, 3:7] = 0, 0  # more zeros than needed
    values, codes = pack_two_of_four(pruned)
    assert values.dtype == dtype
    assert codes.dtype == torch.uint8
    assert torch.equal(unpack_two_of_four(values, codes), pruned)


def test_every_pattern_of_four_survives():
    fours = [[(n >> bit & 1) * (bit + 1.0) for bit in range(4)] for n in range(16)]
    fours = [four for four in fours if sum(x != 0 for x in four) <= 2]
    weight = torch.tensor([four + [0.0] * 4 for four in fours])
    assert len(weight) == 1 + 4 + 6
    assert torch.equal(unpack_two_of_four(*pack_two_of_four(weight)), weight)


def test_places_by_hand():
    values, codes = pack_two_of_four(torch.tensor([[0.0, 5.0, 0.0, 6.0, 7.0, 0.0, 8.0, 0.0]]))
    assert values.tolist() == [[5, 6, 7, 8]]
    assert codes.tolist() == [[0b10_00_11_01]]


def test_page_says_nine_sixteenths_of_sixteen_bits():
    weight = torch.randn(OUT, IN).half()
    values, codes = pack_two_of_four(prune_two_of_four(weight, weight.abs()))
    assert 16 * (values.nbytes + codes.nbytes) == 9 * weight.nbytes


def test_more_than_two_of_four_are_refused():
    with pytest.raises(ValueError, match="at most 2 weights in every 4 neighbours, got 3"):
        pack_two_of_four(torch.tensor([[1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]]))


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"rows of fours, got \(5, 7\)"):
        prune_two_of_four(torch.ones(5, 7), torch.ones(5, 7))
    with pytest.raises(ValueError, match=r"divisible by 8, got \(5, 12\)"):
        pack_two_of_four(torch.zeros(5, 12))


def test_a_graphics_card_agrees():
    """PyTorch multiplies with 2:4 matrices on CUDA only."""
    if not torch.cuda.is_available():
        pytest.skip("no CUDA")
    from torch.sparse import to_sparse_semi_structured

    weight = torch.randn(128, 128, device="cuda", dtype=torch.float16)
    pruned = prune_two_of_four(weight, weight.abs())
    x = torch.randn(128, 64, device="cuda", dtype=torch.float16)
    fast = to_sparse_semi_structured(pruned) @ x
    torch.testing.assert_close(fast, pruned @ x, rtol=1e-2, atol=1e-1)
