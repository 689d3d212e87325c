import pytest
import torch
from torch import nn

from snippets.compression.nf4 import dequantize_nf4, quantize_nf4
from snippets.training.lora import LoRALinear, add_lora, merge_lora
from snippets.training.qlora import NF4Linear, double_quantize, quantize_base, stored_bits

I, O = 192, 83  # noqa: E741 249 blocks of 64: they do not fill 256


def plain(bias=False, inputs=I, outputs=2 * O):
    return nn.Linear(inputs, outputs, bias=bias)


def test_double_quantization_is_as_good_as_bitsandbytes():
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    weight = torch.randn(1024, 1024) * 0.02
    packed, state = quantize_4bit(weight, quant_type="nf4", compress_statistics=True)
    theirs = dequantize_4bit(packed, state)
    once = dequantize_nf4(*quantize_nf4(weight))
    layer = plain(inputs=1024, outputs=1024)
    layer.weight.data = weight
    ours = NF4Linear(layer).weight
    added, bnb_added = ((some - once).square().mean().sqrt() for some in (ours, theirs))
    assert 0 < added < 1.2 * bnb_added
    assert added < 0.02 * (once - weight).square().mean().sqrt()  # rounding scales costs little


def test_scales_come_back_within_half_a_step():
    absmax = torch.rand(517) + 1
    mean, small, scale = double_quantize(absmax)
    assert small.shape == (3, 256)
    assert small.dtype == torch.int8
    back = (small * scale).flatten()[:517] + mean
    assert (back - absmax).abs().max() <= scale.max() / 2 + 1e-6


def test_bits_are_those_of_the_paper():
    assert stored_bits(NF4Linear(plain(inputs=1024, outputs=1024))) == pytest.approx(
        4 + 8 / 64 + 32 / (64 * 256), abs=1e-4
    )


def test_forward_and_backward_agree_with_the_unpacked_weight():
    layer = NF4Linear(plain(bias=True))
    weight, x = layer.weight, torch.randn(3, 5, I, requires_grad=True)
    y = nn.functional.linear(x, weight, layer.bias)
    torch.testing.assert_close(layer(x), y)
    slope = torch.randn_like(y)
    (wanted,) = torch.autograd.grad(y, x, slope)
    (got,) = torch.autograd.grad(layer(x), x, slope)
    torch.testing.assert_close(got, wanted)


def test_no_unpacked_weight_waits_for_the_way_back():
    """What autograd keeps of a packed layer is the input at most, never the weight."""
    kept = []
    pack = lambda t: kept.append(t.numel()) or t  # noqa: E731
    x = torch.randn(2, I, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        NF4Linear(plain())(x)
        mine = sum(kept)
        kept.clear()
        plain()(x)  # a trainable layer keeps its input and its weight
    assert mine == 0
    assert sum(kept) >= I * 2 * O


def test_only_the_detour_of_a_packed_layer_learns():
    model = quantize_base(nn.ModuleDict({"up": plain(), "down": plain()}), ["up"])
    assert isinstance(model["down"], nn.Linear)
    add_lora(model, 2, 2, ["up"])
    layer = model["up"]
    assert isinstance(layer, LoRALinear)
    x = torch.randn(3, I)
    assert torch.equal(layer(x), layer.base(x))
    layer(x).sum().backward()
    assert layer.lora_b.grad.abs().max() > 0
    nn.init.normal_(layer.lora_b)
    apart = layer(x)
    torch.testing.assert_close(merge_lora(model)["up"](x), apart, rtol=1e-4, atol=1e-4)


def test_a_layer_of_broken_blocks_and_a_wrong_name_are_refused():
    with pytest.raises(ValueError, match="multiple of 128 numbers, got 35"):
        NF4Linear(plain(inputs=5, outputs=7))
    with pytest.raises(ValueError, match=r"wanted targets among \['up'\], got \['q_proj'\]"):
        quantize_base(nn.ModuleDict({"up": plain()}), ["q_proj"])
