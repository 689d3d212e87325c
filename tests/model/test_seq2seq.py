from functools import cache

import pytest
import torch

from snippets.model.recurrence import lstm_step
from snippets.model.seq2seq import COPY_SYMBOLS, Copier, copy_accuracy, train_copier
from tests.shapes import check_shapes

B, S, T, C = 2, 5, 7, 13


def by_hand(model, source, target):
    """Read and write one text, cell by cell, with loops."""
    h = memory = torch.zeros(1, C)
    kept = []
    for symbol in source:
        h, memory = cell(model.encoder, model.read_symbol.weight[symbol][None], h, memory)
        kept.append(h)
    logits = []
    for before in [COPY_SYMBOLS, *target[:-1]]:
        h, memory = cell(model.decoder, model.written_symbol.weight[before][None], h, memory)
        seen = h
        if model.ask is not None:
            scores = [(model.ask.weight @ h[0] @ note[0]).exp() for note in kept]
            blend = sum(s * note for s, note in zip(scores, kept, strict=True)) / sum(scores)
            seen = torch.cat([h, blend], -1)
        logits.append(seen @ model.out.weight.T + model.out.bias)
    return torch.cat(logits)


def cell(layer, x, h, memory):
    bias = layer.bias_ih_l0 + layer.bias_hh_l0
    return lstm_step(x, (h, memory), layer.weight_ih_l0, layer.weight_hh_l0, bias)


@pytest.mark.parametrize("direct_lines", [False, True])
@torch.no_grad()
def test_agrees_with_reading_and_writing_cell_by_cell(direct_lines):
    model = Copier(C, direct_lines)
    source, target = (torch.randint(COPY_SYMBOLS, (B, n)) for n in (S, T))
    logits, _ = check_shapes(Copier.forward, model, source, target)
    for n in range(B):
        expected = by_hand(model, source[n].tolist(), target[n].tolist())
        torch.testing.assert_close(logits[n], expected, atol=1e-5, rtol=0)


@torch.no_grad()
def test_a_symbol_is_not_seen_before_it_is_written():
    model, source = Copier(C, True), torch.randint(COPY_SYMBOLS, (B, S))
    target = torch.randint(COPY_SYMBOLS, (B, T))
    other = target.clone()
    other[:, 3] = (other[:, 3] + 1) % COPY_SYMBOLS
    before, after = model(source, target), model(source, other)
    torch.testing.assert_close(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 4:], after[:, 4:])


@cache
def trained(direct_lines, seed=7):
    torch.manual_seed(seed)
    model = Copier(32 if direct_lines else 34, direct_lines)
    train_copier(model, 250, seed)
    return model


def test_page_says_z_runs_over_and_lines_do_not():
    narrow, wide = ([copy_accuracy(trained(lines), n) for n in (2, 12, 20)] for lines in (0, 1))
    assert min(narrow[0], wide[0]) > 0.95  # both copy two digits
    assert narrow[1] < 0.75
    assert narrow[2] < narrow[1] - 0.1
    assert wide[1] > 0.9
    assert wide[2] > 0.8 > narrow[2] + 0.3  # also beyond the lengths of the training


def test_page_says_seeds_differ_little():
    for length in (2, 12, 20):
        shares = [copy_accuracy(trained(False, seed), length) for seed in (7, 8)]
        assert abs(shares[0] - shares[1]) < 0.1


def test_page_says_the_two_have_about_the_same_size():
    sizes = [sum(w.numel() for w in trained(lines).parameters()) for lines in (0, 1)]
    assert 0.9 < sizes[1] / sizes[0] < 1


def test_guessing_gives_one_in_ten():
    torch.manual_seed(0)
    assert copy_accuracy(Copier(C, False), 20) == pytest.approx(0.1, abs=0.04)


def test_no_step_at_all_is_refused():
    with pytest.raises(ValueError, match="at least 1 step, got 0"):
        train_copier(Copier(C, False), 0, 0)
