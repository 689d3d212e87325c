import math

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from sitebuild.book import Book
from snippets.training.preference_audience import applause
from snippets.training.preference_songs import load_singer, songs_as_text
from snippets.training.reward_model import Judge, draw_pairs, load_judge, pair_loss, train_judge

N = 7


def test_agrees_with_pytorchs_yes_or_no_loss():
    chosen, rejected = torch.randn(N), torch.randn(N)
    expected = binary_cross_entropy_with_logits(chosen - rejected, torch.ones(N))
    torch.testing.assert_close(pair_loss(chosen, rejected), expected)


def test_by_hand():
    loss = pair_loss(torch.tensor([2.0]), torch.tensor([1.0]))
    assert loss.item() == pytest.approx(-math.log(1 / (1 + math.exp(-1))))
    assert pair_loss(torch.ones(N), torch.ones(N)).item() == pytest.approx(math.log(2))


def test_only_differences_count():
    chosen, rejected = torch.randn(N).double(), torch.randn(N).double()
    moved = pair_loss(chosen + 100, rejected + 100)
    torch.testing.assert_close(moved, pair_loss(chosen, rejected))


def test_one_step_lifts_what_was_chosen():
    scores = torch.zeros(2, N, requires_grad=True)
    pair_loss(*scores).backward()
    assert (scores.grad[0] < 0).all()  # downhill is up for chosen
    assert (scores.grad[1] > 0).all()


def test_a_pair_is_two_songs_and_a_lead():
    singer, characters = load_singer()
    chosen, rejected, lead = draw_pairs(singer, characters, N, seed=3)
    claps = [[applause(song) for song in songs_as_text(characters, s)] for s in (chosen, rejected)]
    assert lead.tolist() == [a - b for a, b in zip(*claps, strict=True)]


def test_a_new_judge_has_no_opinion_and_learns_one():
    singer, characters = load_singer()
    chosen, rejected, _ = draw_pairs(singer, characters, 11, seed=3)
    judge = Judge(singer)
    assert judge(chosen).tolist() == [0.0] * 11
    losses = train_judge(judge, chosen, rejected, rounds=16)
    assert losses[0] == pytest.approx(math.log(2))
    assert losses[-1] < 0.6
    assert singer.embed.grad is None  # it learns on a copy


def test_scores_have_mean_0_and_spread_1():
    judge, singer, characters = load_judge()
    chosen, rejected, _ = draw_pairs(singer, characters, 200, seed=4)
    with torch.no_grad():
        scores = judge(torch.cat([chosen, rejected]))
    assert scores.mean().item() == pytest.approx(0, abs=0.2)
    assert scores.std().item() == pytest.approx(1, abs=0.15)


def test_page_says_it_is_better_than_a_coin_and_not_better_than_people():
    values = Book().result("training.reward_model")["values"]
    assert 0.6 < values["agree"] < values["taste"] < values["people"] < 0.9


def test_no_pair_is_refused():
    with pytest.raises(ValueError, match=r"at least one pair, got \(0,\) and \(0,\)"):
        pair_loss(torch.zeros(0), torch.zeros(0))
    with pytest.raises(ValueError, match=r"got \(7,\) and \(5,\)"):
        pair_loss(torch.zeros(N), torch.zeros(5))
