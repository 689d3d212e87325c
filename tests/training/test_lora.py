import pytest
import torch
from torch import nn

from snippets.model.smollm2 import load
from snippets.training.lora import LoRALinear, add_lora, linear_layers, merge_lora

I, O, R = 13, 11, 3  # noqa: E741 distinct primes


def trained(layer):
    """A layer whose detour says something."""
    nn.init.normal_(layer.lora_b)
    return layer


def test_before_the_first_step_nothing_changes_to_the_bit(device):
    for dtype in (torch.float32, torch.bfloat16):
        base = nn.Linear(I, O, device=device, dtype=dtype)
        x = torch.randn(2, 5, I, device=device, dtype=dtype)
        assert torch.equal(LoRALinear(base, R, 16)(x), base(x))


def test_the_real_model_is_the_same_to_the_bit_before_the_first_step():
    model, tokenizer = load()
    ids = torch.tensor([tokenizer.encode("To be, or not to be")])
    with torch.no_grad():
        before = model(ids)
        after = add_lora(model, 8, 16, ["query", "value", "up"])(ids)
    assert torch.equal(before, after)


def test_agrees_with_peft_outputs_and_merge(device):
    from peft import LoraConfig, get_peft_model

    base = nn.Sequential()
    base.add_module("layer", nn.Linear(I, O, device=device, dtype=torch.float64))
    ours = trained(LoRALinear(base.layer, R, 5))
    weight = base.layer.weight.clone()
    config = LoraConfig(r=R, lora_alpha=5, target_modules=["layer"], lora_dropout=0.0)
    theirs = get_peft_model(nn.Sequential(base), config)
    peft_layer = theirs.base_model.model[0].layer
    assert peft_layer.lora_A.default.weight.shape == ours.lora_a.shape
    assert peft_layer.lora_B.default.weight.shape == ours.lora_b.shape
    with torch.no_grad():
        peft_layer.lora_A.default.weight.copy_(ours.lora_a)
        peft_layer.lora_B.default.weight.copy_(ours.lora_b)
    x = torch.randn(7, I, device=device, dtype=torch.float64)
    torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-5)
    model = nn.Sequential()
    model.add_module("layer", ours)
    mine = merge_lora(model).layer.weight
    assert torch.equal(base.layer.weight, weight)  # ours makes a new one, peft changes it in place
    merged = theirs.merge_and_unload()[0].layer.weight
    torch.testing.assert_close(mine, merged, rtol=1e-5, atol=1e-5)
    assert not torch.equal(weight, merged)


def test_merged_equals_unmerged_on_the_real_model():
    model, tokenizer = load()
    add_lora(model, 2, 2, ["query", "down"])
    for layer in model.modules():
        if isinstance(layer, LoRALinear):
            nn.init.normal_(layer.lora_b, std=0.01)
    ids = torch.tensor([tokenizer.encode("To be, or not to be")])
    with torch.no_grad():
        apart = model(ids)
        together = merge_lora(model)(ids)
    assert not any(isinstance(layer, LoRALinear) for layer in model.modules())
    torch.testing.assert_close(together, apart, rtol=1e-3, atol=1e-3)
    assert apart.abs().max() > 1


def test_only_the_detour_learns_and_it_has_rank_r():
    layer = LoRALinear(nn.Linear(I, O), R, 16)
    learned = {name for name, w in layer.named_parameters() if w.requires_grad}
    assert learned == {"lora_a", "lora_b"}
    assert sum(w.numel() for w in layer.parameters() if w.requires_grad) == R * (I + O)
    optimizer = torch.optim.SGD([layer.lora_a, layer.lora_b], 0.001)
    for _ in range(3):
        layer(torch.randn(17, I)).square().sum().backward()
        optimizer.step()
    assert layer.base.weight.grad is None
    assert torch.linalg.matrix_rank(layer.change()) == R


def test_adapters_of_a_model_in_16_bits_learn_in_32():
    layer = trained(LoRALinear(nn.Linear(I, O, dtype=torch.bfloat16), R, 16))
    assert layer.lora_a.dtype == torch.float32
    assert layer(torch.randn(2, I, dtype=torch.bfloat16)).dtype == torch.bfloat16


def test_a_detour_stands_where_asked_and_nowhere_else():
    model = nn.ModuleDict({"query": nn.Linear(I, I), "value": nn.Linear(I, I)})
    add_lora(model, R, 1, ["value"])
    assert isinstance(model["query"], nn.Linear)
    assert isinstance(model["value"], LoRALinear)
    assert not model["query"].weight.requires_grad
    assert set(linear_layers(model)) == {"query", "value.base"}


@pytest.mark.parametrize("rank", [0, -1, min(I, O) + 1])
def test_a_rank_that_makes_no_sense_is_refused(rank):
    with pytest.raises(ValueError, match=f"rank from 1 to 11 for a layer of 13 by 11, got {rank}"):
        LoRALinear(nn.Linear(I, O), rank, 1)


def test_targets_that_match_no_layer_are_refused_and_nothing_is_frozen():
    model = nn.ModuleDict({"query": nn.Linear(I, I)})
    for targets in (["q_proj"], [], ["query", "nothing"]):
        with pytest.raises(ValueError, match=r"wanted targets among \['query'\], got"):
            add_lora(model, R, 1, targets)
    assert model["query"].weight.requires_grad


def test_merging_nothing_is_refused():
    with pytest.raises(ValueError, match="got one without"):
        merge_lora(nn.Sequential(nn.Linear(I, O)))
