import pytest
import torch
from torch import nn

from snippets.training.adapters import adapter_weights, plug_in, save_adapter
from snippets.training.lora import add_lora


def guitar(rank=3):
    model = nn.ModuleDict({"query": nn.Linear(13, 11), "value": nn.Linear(11, 13)})
    add_lora(model, rank, 6, ["query", "value"])
    for weight in adapter_weights(model).values():
        nn.init.normal_(weight)
    return model


def test_what_was_kept_comes_back_and_the_model_itself_is_not_in_the_file(tmp_path):
    model, x = guitar(), torch.randn(2, 13)
    before = model["query"](x)
    save_adapter(model, tmp_path / "fuzz")
    numbers = 3 * (13 + 11) * 2
    assert (tmp_path / "fuzz").stat().st_size < 4 * numbers + 1000
    nn.init.normal_(model["query"].lora_b)
    assert not torch.equal(model["query"](x), before)
    base = model["query"].base.weight.clone()
    plug_in(model, tmp_path / "fuzz")
    assert torch.equal(model["query"](x), before)
    assert torch.equal(model["query"].base.weight, base)


def test_an_adapter_of_another_size_is_refused_and_changes_nothing(tmp_path):
    model = guitar(rank=3)
    save_adapter(guitar(rank=2), tmp_path / "other")
    before = {name: weight.clone() for name, weight in adapter_weights(model).items()}
    with pytest.raises(ValueError, match="wanted 4 weights as the model has, got query.lora_a"):
        plug_in(model, tmp_path / "other")
    assert all(torch.equal(before[n], w) for n, w in adapter_weights(model).items())


def test_a_model_without_detours_is_refused(tmp_path):
    with pytest.raises(ValueError, match="got one without"):
        save_adapter(nn.Linear(3, 3), tmp_path / "none")
