import math

import pytest
import torch
from torch import nn

from snippets.model.training import (
    muon_and_adamw,
    random_windows,
    train,
    warm_up_and_decay,
)
from snippets.model.transformer import Transformer, TransformerConfig
from tests.shapes import check_shapes

SIZES = TransformerConfig(11, 24, 2, 3, 3, 8, 40, context=13)


def windows(ids, seed=0):
    chance = torch.Generator().manual_seed(seed)
    while True:
        yield random_windows(ids, 7, 13, chance)


def small(seed=0):
    torch.manual_seed(seed)
    return Transformer(SIZES)


def test_windows_are_pieces_of_the_text():
    ids = torch.arange(100)
    rows = next(windows(ids))
    assert rows.shape == (7, 14)
    assert ((rows[:, 1:] - rows[:, :-1]) == 1).all()
    starts = torch.cat([row[:, 0] for row, _ in zip(windows(ids), range(300), strict=False)])
    assert starts.min() == 0
    assert starts.max() == 100 - 14


def test_too_short_a_text_is_refused():
    with pytest.raises(ValueError, match="wanted more than 13 tokens to cut windows from, got 13"):
        next(windows(torch.arange(13)))


def test_the_rate_rises_in_a_line_and_falls_as_pytorchs_cosine():
    rates = [warm_up_and_decay(step, 50, 10) for step in range(50)]
    assert rates[:10] == pytest.approx([n / 10 for n in range(1, 11)])
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], 1.0)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 40)
    for rate in rates[10:]:
        assert rate == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-9)
        optimizer.step()
        cosine.step()


def test_the_first_step_is_the_one_that_autograd_and_adamw_give():
    """The same step, written out with PyTorch's parts only."""
    model, twin = small(), small()
    ids = torch.randint(11, (500,))
    batch = next(windows(ids))
    losses = train(model, [batch], [torch.optim.AdamW(model.parameters(), 0.01)], steps=1)
    loss = -twin(batch[:, :-1]).log_softmax(-1).gather(-1, batch[:, 1:, None]).mean()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(twin.parameters(), 1.0)
    torch.optim.AdamW(twin.parameters(), 0.01).step()
    assert losses == pytest.approx([loss.item()], rel=1e-5)
    for one, other in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_every_weight_is_trained_once_matrices_of_blocks_by_muon():
    model = small()
    muon, adamw = muon_and_adamw(model, 0.02, 0.003)
    by_muon = [w for group in muon.param_groups for w in group["params"]]
    by_adamw = [w for group in adamw.param_groups for w in group["params"]]
    assert len(by_muon) == 7 * SIZES.n_layers
    assert any(w is model.embed for w in by_adamw)
    assert len({id(w) for w in by_muon + by_adamw}) == len(list(model.parameters()))


def test_it_learns_a_rule_and_the_same_way_twice():
    ids = torch.arange(1000) % 11
    runs = []
    for _ in range(2):
        model, seen = small(), []
        losses = train(model, windows(ids), muon_and_adamw(model, 0.02, 0.01), 60, 5, seen.append)
        assert seen == list(range(61))
        runs.append(losses)
    assert runs[0] == runs[1]
    assert abs(runs[0][0] - math.log(11)) < 0.1
    assert runs[0][-1] < 0.4


def test_shapes_are_as_the_comments_say(device):
    chance = torch.Generator().manual_seed(0)
    check_shapes(random_windows, torch.arange(100), 7, 13, chance)
