import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from snippets.model.attention import attention
from snippets.model.attention_cost import (
    attention_flops,
    largest_tensor,
    projection_flops,
    vaswani_table_1,
)
from snippets.model.attention_loops import attention_by_loops
from snippets.model.flash import tiled_attention

N, D = 13, 7


def counted(function, *args):
    with FlopCounterMode(display=False) as counter:
        function(*args)
    return counter.get_total_flops()


@pytest.mark.parametrize("n", [N, 101])
def test_the_formula_agrees_with_pytorchs_counter(n):
    q, k, v = (torch.randn(1, 1, n, D) for _ in range(3))
    assert counted(attention, q, k, v) == attention_flops(n, D)


def test_page_says_tiles_cost_the_same_operations():
    q, k, v = (torch.randn(1, 1, N, D) for _ in range(3))
    assert counted(tiled_attention, q, k, v, 5) == attention_flops(N, D)


def test_the_formula_agrees_with_counting_loops():
    rows = torch.randn(N, D).tolist()
    _, multiplications = attention_by_loops(rows, rows, rows)
    assert attention_flops(N, D) == 2 * multiplications  # each comes with one addition


def test_four_projections_agree_with_the_counter():
    x = torch.randn(N, D)
    layers = [torch.nn.Linear(D, D, bias=False) for _ in range(4)]
    assert counted(lambda: [layer(x) for layer in layers]) == projection_flops(N, D)


def test_page_says_memory_is_quadratic_only_with_the_table():
    def tiled(q, k, v):
        return tiled_attention(q, k, v, 16)

    assert largest_tensor(attention, 64, 4) == 64 * 64
    assert largest_tensor(attention, 256, 4) == 16 * largest_tensor(attention, 64, 4)
    assert largest_tensor(tiled, 64, 4) == largest_tensor(attention, 16, 4) == 16 * 16
    assert largest_tensor(tiled, 256, 4) == 256 * 4  # the output itself: linear in n


def test_page_says_time_is_quadratic():
    assert attention_flops(4 * N, D) == 16 * attention_flops(N, D)
    assert projection_flops(4 * N, D) == 4 * projection_flops(N, D)


def test_page_says_reading_overtakes_projecting_at_twice_the_width():
    for width in (64, 512):
        assert attention_flops(2 * width, width) == projection_flops(2 * width, width)
        assert attention_flops(2 * width - 1, width) < projection_flops(2 * width - 1, width)


def test_page_says_attention_is_cheaper_than_recurrence_while_short():
    for n, cheaper in ((64, "self-attention"), (4096, "recurrent")):
        recurrent, reading = vaswani_table_1(n, 512)
        winner = min((recurrent, reading), key=lambda row: row["operations"])
        assert winner["layer"] == cheaper
        assert max(recurrent["operations"], reading["operations"]) == 8 * winner["operations"]
        assert (recurrent["steps in a row"], reading["steps in a row"]) == (n, 1)


def test_no_positions_are_refused():
    with pytest.raises(ValueError, match="n=0"):
        largest_tensor(attention, 0, 4)


def test_page_says_the_tables_of_one_layer_need_seventeen_gigabytes():
    assert 17 < 32 * largest_tensor(attention, 16_384, 64) * 2 / 1e9 < 17.5
