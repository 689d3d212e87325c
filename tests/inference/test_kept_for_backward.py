import copy

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from sitebuild.book import Book
from snippets.basics.learning import wrongness
from snippets.inference.kept_for_backward import kept_bytes, kept_per_token, recompute_blocks
from snippets.model.transformer import Transformer, TransformerConfig

V, L, C, F = 23, 3, 16, 29


def small(context=128):
    return Transformer(TransformerConfig(V, C, L, 4, 2, 4, F, context))


def flops_of(model, ids):
    counter = FlopCounterMode(display=False)
    with counter:
        wrongness(model, ids).backward()
    return counter.get_total_flops()


@pytest.mark.parametrize("kernel", [SDPBackend.MATH, SDPBackend.FLASH_ATTENTION])
@pytest.mark.parametrize("again", [False, True])
def test_counted_bytes_equal_what_the_allocator_gave_out(kernel, again):
    model, ids = small(), torch.randint(V, (1, 42))
    model = recompute_blocks(model) if again else model
    with sdpa_kernel(kernel):
        counted = kept_bytes(model, lambda: wrongness(model, ids))
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
            loss = wrongness(model, ids)
    held = sum(event.self_cpu_memory_usage for event in seen.key_averages())
    assert counted - ids.nbytes == held - loss.nbytes  # ids were there before, the loss is not kept


def test_recomputing_gives_the_same_slopes():
    model, ids = small(), torch.randint(V, (2, 14))
    other = recompute_blocks(copy.deepcopy(model))
    for some in (model, other):
        wrongness(some, ids).backward()
    for a, b in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)


def test_all_but_the_last_matrix_of_a_block_is_done_again():
    model, ids, T = small(), torch.randint(V, (1, 12)), 11
    once = flops_of(model, ids)
    again = flops_of(recompute_blocks(small()), ids) - once
    blocks = sum(w.numel() for w in model.blocks.parameters() if w.ndim == 2)
    assert again == 2 * T * (blocks - L * C * F)


@pytest.mark.parametrize(
    ("kernel", "again", "each_pair"),
    [
        (SDPBackend.MATH, False, L * 4 * 4),  # a score of each head, 4 bytes
        (SDPBackend.FLASH_ATTENTION, False, L * 4),  # the mask, as numbers, in each layer
        (SDPBackend.FLASH_ATTENTION, True, 1),  # the mask once, as yes and no
    ],
)
def test_what_grows_with_the_square(kernel, again, each_pair):
    model = recompute_blocks(small()) if again else small()
    with sdpa_kernel(kernel):
        kept = [kept_bytes(model, lambda n=n: wrongness(model, torch.randint(V, (1, n + 1))))
                for n in (32, 64, 96)]  # fmt: skip
    assert kept[2] - 2 * kept[1] + kept[0] == each_pair * 2 * 32**2


def test_a_layer_keeps_the_same_for_each_token():
    c = small().config
    assert kept_per_token(c, 8) == kept_per_token(c, 24)


def test_no_token_is_refused():
    with pytest.raises(ValueError, match="at least 1 token, got 0"):
        kept_per_token(small().config, 0)


def test_page_says_ten_times_less_for_a_quarter_more():
    values = Book().result("inference.kept_for_backward")["values"]
    assert 10 < values["saved"] < 15
    assert 1.2 < values["extra"] < 1.3
    llama = values["llama"]
    assert llama["all"] > 10 * llama["recomputed"]
    assert llama["scores"] > 2 * llama["all"]
    assert llama["all"] > 3 * 2 * 8.03  # the weights in 16 bits
    kept = values["kept"]
    assert all(a > b > c for a, b, c in zip(*kept.values(), strict=True))
    assert kept["scores kept"][-1] > 15 * kept["scores kept"][0]
