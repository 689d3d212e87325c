from dataclasses import replace

import pytest
import torch

from snippets.inference.ranks import run_ranks
from snippets.inference.tensor_parallel import share_of, sliced_config, tensor_parallel
from snippets.model.generate import generate
from snippets.model.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(23, 20, 2, 6, 3, 4, 15, context=40)


def new_model():
    torch.manual_seed(5)
    model = Transformer(CONFIG).eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return model


@torch.no_grad()
def together_and_alone(wire):
    """Compare a model on all ranks with the whole one, in every rank."""
    model, ids = new_model(), torch.arange(14).view(2, 7) % 23
    mine = tensor_parallel(model, wire)
    logits = mine(ids)
    log = list(wire.log)
    same = torch.equal(generate(mine, ids, 9), generate(model, ids, 9))
    shapes = [tuple(mine.new_cache(1, 4).store.shape), mine.blocks[0].ffn.part.up.weight.shape[0]]
    return wire.gather([float((logits - model(ids)).abs().max()), same, log, shapes])


def test_agrees_with_the_whole_model_in_every_rank():
    for gap, same, log, shapes in run_ranks(together_and_alone, 3):
        assert gap < 1e-4
        assert same
        assert log == 4 * [("all_reduce", 2 * 7 * 20 * 4)]  # two in each of two layers
        assert shapes == [(2, 2, 1, 1, 4, 4), 5]  # notes of one stored head, a third of the rows


def test_shares_make_up_the_whole():
    for name, weight in new_model().state_dict().items():
        shares = [share_of(name, weight, rank, 3) for rank in range(3)]
        if name.endswith(("out.weight", "down.weight")):
            assert torch.equal(torch.cat(shares, dim=1), weight)
        elif "attention" in name or "ffn" in name:
            assert torch.equal(torch.cat(shares, dim=0), weight)
        else:
            assert all(share is weight for share in shares)


@pytest.mark.parametrize(("ranks", "what"), [(2, "3 key-value heads"), (6, "3 key-value heads")])
def test_heads_that_do_not_divide_are_refused(ranks, what):
    with pytest.raises(ValueError, match=rf"{ranks} ranks cannot share {what} .* wanted \[1, 3\]"):
        sliced_config(CONFIG, ranks)


def test_an_inner_width_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match=r"3 ranks cannot share 16 inner numbers.*wanted \[1\]"):
        sliced_config(replace(CONFIG, d_ffn=16), 3)
