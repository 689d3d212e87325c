import pytest
import torch

from snippets.model.smollm2 import load
from snippets.training.freezing import WAYS_TO_TUNE, free_for_training, trainable


def free(way):
    model = free_for_training(load()[0], way)
    return {name for name, weight in model.named_parameters() if weight.requires_grad}


def test_the_three_ways_free_what_they_say():
    assert free("full") == {name for name, _ in load()[0].named_parameters()}
    assert {name.split(".")[1] for name in free("last two layers")} == {"28", "29"}
    assert free("head") == {"head"}


def test_a_head_of_its_own_changes_no_answer_at_first():
    ids = torch.tensor([[1, 5, 7]])
    with torch.no_grad():
        before = load()[0](ids)
        model = free_for_training(load()[0], "head")
        assert torch.equal(model(ids), before)
        model.head += 1
        assert torch.equal(model.embed, load()[0].embed)
    assert trainable(model) == 49_152 * 576


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match=f"wanted one of .*{WAYS_TO_TUNE[0]}.*, got 'half'"):
        free_for_training(load()[0], "half")
