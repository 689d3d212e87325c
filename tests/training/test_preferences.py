import pytest
import torch

from sitebuild.book import Book
from snippets.training import preferences as module
from snippets.training.preference_songs import song_log_probs
from snippets.training.preferences import hear, mean_and_spread, please_the_judge
from snippets.training.reward_model import load_judge


@pytest.fixture(scope="module")
def stage():
    return load_judge()


@pytest.fixture(scope="module")
def rows():
    return {r["beta"]: r for r in Book().result("training.preferences")["values"]["rows"]}


def test_before_its_first_step_the_policy_is_the_singer(stage, monkeypatch):
    judge, singer, characters = stage
    monkeypatch.setattr(module, "POLICY_STEPS", 1)
    _, course = please_the_judge(singer, judge, characters, 0.2, seed=5)
    assert course[0]["kl"] == pytest.approx(0, abs=1e-4)


def test_an_enormous_price_keeps_it_at_home(stage, monkeypatch):
    judge, singer, characters = stage
    monkeypatch.setattr(module, "POLICY_STEPS", 4)
    told = {}
    for beta in (0.0, 20.0):
        policy, _ = please_the_judge(singer, judge, characters, beta, seed=5)
        told[beta] = hear(policy, singer, judge, characters)[0]
    assert told[0.0]["judge"] > told[20.0]["judge"]
    assert told[0.0]["judge"] > hear(singer, singer, judge, characters)[0]["judge"] + 0.2


def test_kl_agrees_with_whole_distributions_along_the_songs(stage, monkeypatch):
    judge, singer, characters = stage
    monkeypatch.setattr(module, "POLICY_STEPS", 4)
    policy, _ = please_the_judge(singer, judge, characters, 0.0, seed=5)
    told, _ = hear(policy, singer, judge, characters, count=256)
    songs = module.write_songs(policy, characters, 256, torch.Generator().manual_seed(1))
    with torch.no_grad():
        ours, theirs = (m(songs[:, :-1])[:, -40:].log_softmax(-1) for m in (policy, singer))
        exact = (ours.exp() * (ours - theirs)).sum(-1).sum(1).mean().item()
        assert song_log_probs(policy, songs).shape == (256, 40)
    assert told["kl"] == pytest.approx(exact, rel=0.25)


def test_mean_and_spread_by_hand():
    runs = [{"kl": 2.0}, {"kl": 3.0}, {"kl": 7.0}]
    assert mean_and_spread(runs, "kl") == (4.0, 5.0)


def test_page_says_the_cheaper_the_way_the_farther_it_goes(rows):
    assert 0 < rows["0.1"]["kl"] < rows["0.02"]["kl"] < rows["0"]["kl"] / 3


def test_page_says_the_judge_is_pleased_ever_more_and_the_audience_least_without_a_price(rows):
    before, *rest = (rows[beta] for beta in ("not learned yet", "0.1", "0.02", "0"))
    scores = [row["judge"] for row in rest]
    assert before["judge"] + 2 < scores[0] < scores[1] <= scores[2]
    claps = [row["applause"] for row in rest]
    apart = [row["applause_spread"] for row in rest]
    assert claps[0] > before["applause"] + 5
    assert claps[2] < before["applause"] - 5
    for priced in (0, 1):  # how they compare with each other depends on the machine's rounding
        assert claps[priced] - claps[2] > (apart[priced] + apart[2]) / 2


def test_page_says_what_was_earned_is_worth_the_way(rows):
    assert all(rows[beta]["sum"] > rows["not learned yet"]["sum"] for beta in ("0.1", "0.02"))


def test_page_says_without_a_price_applause_rises_first_and_then_falls():
    values = Book().result("training.preferences")["values"]
    assert values["peak"] > values["at_first"] + 3
    assert values["peak"] > values["at_last"] + 6


def test_page_says_the_winning_song_has_no_e_in_it():
    songs = Book().result("training.preferences")["values"]["samples"]
    assert "e" not in songs["0"][0].lower()
    assert "e" in songs["not learned yet"][0].lower()
