import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from snippets.inference.matmul_count import exact_matmul_flops, matmul_by_hand, matmul_flops

M, N, P = 3, 7, 5


def test_handy_number_is_pytorchs():
    with FlopCounterMode(display=False) as counter:
        torch.zeros(M, N) @ torch.zeros(N, P)
    assert matmul_flops(M, N, P) == counter.get_total_flops()


@pytest.mark.parametrize("p", [1, P])
def test_exact_number_is_what_was_ticked_off(p):
    a, b = torch.randint(-9, 9, (M, N)), torch.randint(-9, 9, (N, p))
    product, ticks = matmul_by_hand(a.tolist(), b.tolist())
    assert product == (a @ b).tolist()
    assert ticks == {"multiplications": M * N * p, "additions": M * (N - 1) * p}
    assert sum(ticks.values()) == exact_matmul_flops(M, N, p)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="rows of a must hold 2 numbers"):
        matmul_by_hand([[1.0, 2.0, 3.0]], [[1.0], [2.0]])


def test_page_says_the_handy_number_is_wrong_by_less_than_a_hundredth_of_a_percent():
    excess = matmul_flops(8192, 8192) / exact_matmul_flops(8192, 8192) - 1
    assert 0 < excess < 1e-4
