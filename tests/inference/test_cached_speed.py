import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from sitebuild.book import Book
from snippets.inference.cached_speed import floor_seconds, two_ways
from snippets.model.transformer import Transformer, TransformerConfig

V, T = 23, 11


def small():
    sizes = {"n_layers": 2, "n_heads": 6, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    return Transformer(TransformerConfig(V, d_model=17, context=32, **sizes))


def filled(model, ids):
    """A cache that has read the text, its newest token included."""
    cache = model.new_cache(1, ids.shape[1])
    model.read(ids, cache)
    return cache


def test_both_ways_lead_to_the_same_scores():
    model, ids = small(), torch.randint(V, (1, T))
    ways = two_ways(model, ids, filled(model, torch.cat([ids, ids], dim=1)))
    expected = model(ids)[:, -1]
    for _ in range(2):  # the second time, too: the newest token was forgotten in between
        for way in ways.values():
            torch.testing.assert_close(way(), expected)


def test_operations_are_those_that_pytorch_counts():
    model, ids = small(), torch.randint(V, (1, T))
    whole_text = two_ways(model, ids, filled(model, ids))["without"]
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        whole_text()  # other kernels of attention are not counted on a CPU
    assert floor_seconds(model, T, flops=1, bandwidth=1)["without"] == counter.get_total_flops()


def test_bytes_are_weights_and_notes():
    model = small()
    one, two = (floor_seconds(model, n, 1, 1)["with"] for n in (1, 2))
    assert two - one == 2 * 2 * 2 * 4 * 4  # layers, keys and values, stored heads, width, bytes
    assert one - (two - one) == 4 * sum(weight.numel() for weight in model.parameters())


def test_page_says_notes_hold_the_speed_and_starting_over_loses_it():
    """Generous bounds: the speeds are those of the machine that built the page."""
    values = Book().result("inference.cached_speed")["values"]
    first, *_, last = values["rows"]
    assert last["tokens"] == 2048 == 32 * first["tokens"]
    assert last["with"] > first["with"] / 3
    assert last["without"] < first["without"] / 8
    assert last["times"] > 16
    assert values["off"] < 1e-3
    for row in values["rows"]:
        for way in ("with", "without"):
            assert row[way] < 2 * row[f"best_{way}"]
