import pytest

from sitebuild.book import Book
from snippets.inference.facts_pretraining import GPT_3_ON_A100, LLAMA_HOURS
from snippets.inference.training_arithmetic import plan_training, training_card, training_days
from snippets.training.training_bill import card_hours, training_flops


def test_agrees_with_the_days_that_others_tell():
    p = GPT_3_ON_A100
    days = training_days(p.parameters, p.tokens, p.cards, p.reached, p.passes)
    assert days == pytest.approx(p.told_days, rel=0.01)


def test_agrees_with_the_bill_of_the_training_chapter():
    hours = card_hours(training_flops(405e9, 15.6e12), 989.4e12, 0.4)
    plan = plan_training("Llama 3.1 405B", 15.6e12, "H100 SXM", 512, 0.4, 2.0)
    assert plan["hours"] == pytest.approx(hours)
    assert plan["dollars"] == pytest.approx(2 * hours)


def test_petaflop_days_of_gpt_3():
    days = training_days(175e9, 300e9, 1, 1e15)
    assert days == pytest.approx(3_640, rel=0.01)  # Brown et al. (2020), table D.1


def test_cards_and_days_trade_one_for_one():
    few = plan_training("GPT-3", 300e9, "A100 80 GB SXM", 7, 0.5, 1.0)
    many = plan_training("GPT-3", 300e9, "A100 80 GB SXM", 77, 0.5, 1.0)
    assert few["days"] == pytest.approx(11 * many["days"])
    assert few["dollars"] == pytest.approx(many["dollars"])


@pytest.mark.parametrize("name", ["parameters", "tokens", "cards", "reached", "passes"])
@pytest.mark.parametrize("bad", [0, -1, float("nan")])
def test_sizes_that_are_not_above_zero_are_refused(name, bad):
    given = {"parameters": 1e9, "tokens": 1e9, "cards": 1, "reached": 1e12, "passes": 6}
    with pytest.raises(ValueError, match=f"wanted {name} above 0, got {bad}"):
        training_days(**(given | {name: bad}))


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"wanted one of A100 40 GB, .*got 'TPU v9'"):
        training_card("TPU v9")
    with pytest.raises(ValueError, match=r"wanted one of GPT-3, .*got 'GPT-4'"):
        plan_training("GPT-4", 1e12, "H100 SXM", 8, 0.4, 2.0)
    with pytest.raises(ValueError, match=r"0 < mfu <= 1, dollars >= 0, got 40, 2.0"):
        plan_training("GPT-3", 1e12, "H100 SXM", 8, 40, 2.0)


def test_page_says_decades_alone_two_months_together_and_a_third_of_the_peak():
    values = Book().result("inference.training_arithmetic")["values"]
    assert 50 < values["alone_years"] < 65
    pace = values["paces"][1]
    assert 60 < pace["days"] < 70 < values["billed_days"] < 80
    assert values["paces"][0]["mfu"] < 0.36 < 0.44 < values["paces"][0]["share"]
    shares = {row["model"]: row["share"] for row in values["billed"]}
    assert shares["GPT-2 (124M)"] > 0.5
    assert shares["Llama 3.1 8B"] < 0.15 < shares["Llama 3.1 70B"] < shares["Llama 3.1 405B"] < 0.36
    assert 20 < values["billed"][0]["dollars"] < 25
    assert values["bills"][0] == pytest.approx(3 * values["bills"][2], rel=0.1)
    assert values["own_counts"]["GPT-3"] == pytest.approx(3_640, rel=0.01)
    assert values["own_counts"]["Llama 3.1 405B"] == pytest.approx(3.8e25, rel=0.01)
    by_thumb = 20 * 70.6e9
    assert 10 * by_thumb == pytest.approx(LLAMA_HOURS[1].tokens, rel=0.1)
