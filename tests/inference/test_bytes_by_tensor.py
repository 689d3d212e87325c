import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from sitebuild.book import Book
from snippets.basics.learning import wrongness
from snippets.inference.bytes_by_tensor import StepKeeper, sharded_bytes, slope_error
from snippets.model.transformer import Transformer, TransformerConfig

V = 23


def small():
    sizes = {"n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    return Transformer(TransformerConfig(V, d_model=16, context=32, **sizes))


@pytest.mark.parametrize(("slopes", "expected"), [(torch.bfloat16, 16), (torch.float32, 18)])
def test_listed_bytes_equal_what_the_allocator_gave_out(slopes, expected):
    model, batches = small(), torch.randint(V, (3, 2, 8))
    numbers = sum(weight.numel() for weight in model.parameters())
    counters = 4 * len(list(model.parameters()))  # AdamW counts its steps, 4 bytes a tensor
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        keeper = StepKeeper(model, slopes)
        keeper.add_slopes(batches)
        keeper.step()
    held = sum(event.self_cpu_memory_usage for event in seen.key_averages())
    listed = sum(t.nbytes for some in keeper.kept_tensors().values() for t in some)
    assert listed == expected * numbers
    assert held == listed + counters


def test_slopes_are_those_of_all_batches_at_once():
    model, batches = small(), torch.randint(V, (5, 2, 8))
    keeper = StepKeeper(model, torch.float32)
    keeper.add_slopes(batches)
    keeper.model.float()
    sum(wrongness(keeper.model, ids) for ids in batches).backward()
    together = [weight.grad for weight in keeper.model.parameters()]
    assert slope_error(keeper.slopes, together) < 0.02


def test_a_step_goes_downhill():
    model, batches = small(), torch.randint(V, (1, 2, 8))
    keeper = StepKeeper(model, torch.float32)
    keeper.optimizer.param_groups[0]["lr"] = 0.01
    before = wrongness(keeper.model, batches[0])
    for _ in range(10):
        keeper.add_slopes(batches)
        keeper.step()
    assert wrongness(keeper.model, batches[0]) < before - 0.2


def test_shared_bytes_agree_with_the_paper():
    told = {0: 120, 1: 31.4, 2: 16.6, 3: 1.9}  # GB, its figure 1: 7.5 billion on 64 cards
    for stage, gigabytes in told.items():
        assert sharded_bytes(7.5e9, 64, stage) / 1e9 == pytest.approx(gigabytes, abs=0.05)


def test_alone_there_is_nobody_to_share_with():
    assert {sharded_bytes(11, 1, stage) for stage in range(4)} == {16 * 11}


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at least 1 batch"):
        StepKeeper(small(), torch.float32).add_slopes([])
    for bad in ((0, 8, 1), (1e9, 0, 1), (1e9, 8, 4)):
        with pytest.raises(ValueError, match=r"a stage from 0 to 3, got parameters="):
            sharded_bytes(*bad)


def test_page_says_sixteen_eighteen_and_a_percent():
    values = Book().result("inference.bytes_by_tensor")["values"]
    assert values["totals"] == {"16 bits": 16.0, "32 bits": 18.0}
    assert 0.005 < values["error"] < 0.015
    walls, rest = values["each"]["16 bits"]["weights"], values["totals"]["16 bits"]
    assert rest - walls == 7 * walls
    stages = [row["on 64"] for row in values["shares"]]
    assert stages[3] > 80 > values["shares"][3]["on 1024"]
    assert stages[0] == 6_480
