import pytest
import torch

from sitebuild.book import Book
from snippets.model.tiny import load_tiny
from snippets.training.freezing import learns
from snippets.training.initialization import START_TARGETS, WAYS_TO_START, start_from
from snippets.training.lora import add_lora

IDS = torch.arange(35).view(5, 7)


@torch.no_grad()
def said(model):
    return model(IDS)


def test_warm_and_lora_begin_as_tiny_to_the_bit():
    tiny = said(load_tiny()[0])
    assert torch.equal(said(start_from("warm", 5)), tiny)
    assert torch.equal(said(start_from("LoRA", 5)), tiny)
    assert not torch.equal(said(start_from("cold", 5)), tiny)


def test_frozen_sees_as_tiny_does_and_has_yet_to_learn_to_speak():
    tiny, frozen = load_tiny()[0], start_from("frozen", 5)
    with torch.no_grad():
        assert torch.equal(frozen.read(IDS), tiny.read(IDS))
    assert not torch.equal(said(frozen), said(tiny))


@pytest.mark.parametrize("way", ["frozen", "LoRA", "noise"])
def test_what_is_locked_stays_to_the_bit(way):
    model = start_from(way, 5)
    locked = {n: w.detach().clone() for n, w in model.named_parameters() if not w.requires_grad}
    optimizer = torch.optim.AdamW(learns(model), 0.1)
    for _ in range(2):
        model(IDS).logsumexp(-1).sum().backward()
        optimizer.step()
    now = dict(model.named_parameters())
    assert len(locked) > 20
    assert all(torch.equal(weight, now[name]) for name, weight in locked.items())
    assert all(weight.grad is not None for weight in learns(model))


def test_the_seed_decides_what_is_random_and_leaves_pytorchs_chance_alone():
    for way in ("cold", "frozen", "noise"):
        assert torch.equal(said(start_from(way, 5)), said(start_from(way, 5)))
        assert not torch.equal(said(start_from(way, 5)), said(start_from(way, 6)))
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    for way in WAYS_TO_START:
        start_from(way, 5)
    assert torch.equal(torch.rand(1), expected)


def test_page_says_who_learns_how_much():
    rows = {r["start"]: r for r in Book().result("training.initialization")["values"]["count_rows"]}
    config = load_tiny()[0].config
    c, f = config.d_model, config.d_ffn
    assert rows["cold"]["learns"] == rows["warm"]["learns"]
    assert rows["cold"]["share"] == rows["warm"]["share"] == 1
    assert rows["frozen"]["learns"] == config.vocab_size * c
    assert rows["LoRA"]["learns"] == config.n_layers * 4 * (4 * 2 * c + 3 * (c + f))
    rank_1 = Book().result("training.initialization")["values"]["rank_1"]
    small = add_lora(load_tiny()[0], rank=1, alpha=8, targets=START_TARGETS)
    assert sum(weight.numel() for weight in learns(small)) == rank_1
    assert rows["frozen"]["share"] < 0.03
    assert rows["LoRA"]["share"] < 0.1


def test_training_one_start_leaves_the_next_as_it_was():
    before = said(start_from("warm", 5))
    with torch.no_grad():
        start_from("warm", 5).embed.zero_()
    assert torch.equal(said(start_from("warm", 5)), before)


def test_an_unknown_start_is_refused():
    with pytest.raises(ValueError, match=r"wanted one of .*'frozen'.*, got 'tepid'"):
        start_from("tepid", 0)
