import pytest

from snippets.basics.capitals_quiz import plain_letters
from snippets.basics.facts_capitals import CAPITALS


def test_there_are_enough_countries_and_none_stands_twice():
    assert len({fact.country for fact in CAPITALS}) == len(CAPITALS) >= 60
    assert len({fact.capital for fact in CAPITALS}) == len(CAPITALS)


def test_a_country_does_not_give_its_capital_away():
    for fact in CAPITALS:
        assert plain_letters(fact.country) not in plain_letters(fact.capital), fact
        assert fact.other_city not in (fact.capital, *fact.also), fact
        assert fact.source.startswith("https://")


@pytest.mark.parametrize(
    ("country", "capital"),
    [  # read one by one in mledoze/countries, dist/countries.csv
        ("Afghanistan", "Kabul"),
        ("Angola", "Luanda"),
        ("Albania", "Tirana"),
        ("Argentina", "Buenos Aires"),
        ("Armenia", "Yerevan"),
        ("Australia", "Canberra"),
        ("Austria", "Vienna"),
        ("Azerbaijan", "Baku"),
        ("Belgium", "Brussels"),
    ],
)
def test_agrees_with_the_source(country, capital):
    assert {fact.country: fact.capital for fact in CAPITALS}[country] == capital
