import pytest

from sitebuild.book import Book
from snippets.training.facts_training_costs import (
    DEEPSEEK_V3_TOLD_DOLLARS,
    DEEPSEEK_V3_TRAINING,
    GPT_3_TRAINING,
    LAMBDA_GPT_3_DOLLARS,
)
from snippets.training.training_bill import card_hours, training_bill, training_flops


def test_agrees_with_what_the_paper_says_of_gpt_3():
    assert training_flops(175e9, 300e9) == pytest.approx(3.14e23, rel=0.01)  # its table D.1
    assert training_flops(175e9, 300e9) / (1e15 * 86_400) == pytest.approx(3_640, rel=0.01)


def test_bills_agree_with_those_of_others():
    assert training_bill(GPT_3_TRAINING)["dollars"] == pytest.approx(LAMBDA_GPT_3_DOLLARS, rel=0.1)
    told = training_bill(DEEPSEEK_V3_TRAINING)["dollars"]
    assert told == pytest.approx(DEEPSEEK_V3_TOLD_DOLLARS)


def test_hours_and_utilisation_are_each_others_inverse():
    assert card_hours(3600e12, 1e12, 0.5) == 2
    bill = training_bill(DEEPSEEK_V3_TRAINING)
    hours = card_hours(bill["flops"], DEEPSEEK_V3_TRAINING.peak, bill["utilisation"])
    assert hours == pytest.approx(DEEPSEEK_V3_TRAINING.card_hours)


@pytest.mark.parametrize("share", [0, 1.5])
def test_a_share_that_cannot_be_is_refused(share):
    with pytest.raises(ValueError, match=f"0 < utilisation <= 1, peak > 0, got {share}"):
        card_hours(1e20, 1e12, share)


def test_no_parameters_are_refused():
    with pytest.raises(ValueError, match="above 0, got 0 parameters"):
        training_flops(0, 1)


def test_page_says_months_on_thousands_of_cards_and_a_third_of_the_peak():
    values = Book().result("training.training_bill")["values"]
    assert 70 < values["days"] < 85
    assert all(0.2 < row["utilisation"] < 0.4 for row in values["rows"])
    assert values["one_card_years"]["GPT-3"] > 300
