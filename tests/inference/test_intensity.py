import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.flop_counter import FlopCounterMode

from sitebuild.book import Book
from snippets.inference.facts_experts import DEEPSEEK_V3_EXPERTS
from snippets.inference.facts_models import MODEL_SHAPES, ModelShape
from snippets.inference.intensity import mixture_intensity, note_intensity, weight_intensity
from snippets.inference.kv_configs import cache_bytes_per_token

S = 37  # tokens of the past


def shape(heads, stored, width=6, latent=0, rope=0):
    return ModelShape("toy", 1, 1, heads, stored, width, "", "", latent, rope)


def counted(work):
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


@pytest.mark.parametrize(("heads", "stored"), [(7, 7), (14, 7), (6, 2), (5, 1)])
@pytest.mark.parametrize("batch", [1, 3, 11])
def test_notes_agree_with_pytorchs_counter_at_any_batch_size(heads, stored, batch):
    q = torch.ones(batch, heads, 1, 6)
    k, v = torch.ones(2, batch, stored, S, 6)
    flops = counted(lambda: scaled_dot_product_attention(q, k, v, enable_gqa=True))
    expected = note_intensity(shape(heads, stored), bytes_per_value=4)
    assert flops / (k.nbytes + v.nbytes) == pytest.approx(expected)


def test_latent_notes_agree_with_pytorchs_counter():
    heads, latent, rope = 13, 10, 3
    notes, q = torch.ones(S, latent + rope), torch.ones(heads, latent + rope)
    flops = counted(lambda: (q @ notes.T) @ notes[:, :latent])
    expected = note_intensity(shape(heads, 1, 6, latent, rope), bytes_per_value=4)
    assert flops / notes.nbytes == pytest.approx(expected)


@pytest.mark.parametrize("model", MODEL_SHAPES, ids=lambda m: m.name)
def test_bytes_are_those_of_the_cache_chapter(model):
    """Operations per token of the past, by the formula with heads: the bytes must come out."""
    per_head = 2 * model.head_dim
    if model.latent_dim:
        per_head = 2 * model.latent_dim + model.rope_dim
    flops = 2 * model.n_layers * model.n_heads * per_head
    assert flops / note_intensity(model) == pytest.approx(cache_bytes_per_token(model))


def test_weights_agree_with_a_product():
    weight, x = torch.ones(29, 31), torch.ones(5, 31)
    flops = counted(lambda: x @ weight.T)
    assert weight_intensity(5, bytes_per_weight=4) == pytest.approx(flops / weight.nbytes)


def test_one_token_meets_what_is_active():
    assert mixture_intensity(1, 100, 25, 8, 2) == pytest.approx(1)


def test_a_mixture_agrees_with_a_draw():
    experts, used, size, shared, batch = 16, 3, 10.0, 40.0, 7
    chance = torch.rand(20_000, batch, experts)
    met = (chance.topk(used, -1).indices[..., None] == torch.arange(experts)).any(-2).any(-2)
    fetched = shared + size * float(met.sum(-1).float().mean())
    total, active = shared + experts * size, shared + used * size
    expected = 2 * active * batch / (2 * fetched)
    got = mixture_intensity(batch, total, active, experts, used)
    assert got == pytest.approx(expected, rel=0.01)


def test_a_mixture_of_which_all_is_used_is_dense():
    assert mixture_intensity(13, 100, 100, 4, 4) == pytest.approx(weight_intensity(13))


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="wanted values above 0, got 0 tokens"):
        weight_intensity(0)
    with pytest.raises(ValueError, match="bytes_per_value above 0, got 0"):
        note_intensity(shape(2, 1), 0)
    for bad in ((1, 10, 20, 8, 2), (1, 20, 10, 8, 9), (0, 20, 10, 8, 2), (1, 20, 0, 8, 2)):
        with pytest.raises(ValueError, match="weights"):
            mixture_intensity(*bad)


def test_page_says_notes_stay_where_they_are_and_a_mixture_needs_eighteen_times_as_many():
    told = Book().result("inference.intensity")["values"]
    assert list(told["notes"].values())[:2] == [1, 8]
    assert 208 < told["notes"]["128 share, latent"] < 295  # the example's A100, an H100
    assert told["times_the_batch"] == pytest.approx(18, abs=0.2)
    by = {row["tokens"]: row for row in told["rows"]}
    assert by[208]["weights"] == 208
    assert by[208]["mixture"] < 208 / 10
    assert by[4096]["mixture"] > 208
    e = DEEPSEEK_V3_EXPERTS
    crowd = mixture_intensity(told["needed"], e.total, e.active, e.routed, e.used)
    assert crowd == pytest.approx(208, rel=0.01)
