from snippets.basics.capitals_quiz import chat_prompt, find_pages, names_capital, plain_letters
from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.model.smollm2_tokenizer import load_tokenizer

CHAD = next(fact for fact in CAPITALS if fact.country == "Chad")


def test_an_answer_counts_as_right_only_as_a_whole_word():
    assert names_capital("it is n'djamena.", CHAD)
    assert names_capital("NDJAMENA", CHAD)
    assert not names_capital("Moundou", CHAD)
    rabat = Capital("Morocco", "Rabat", "Casablanca")
    assert not names_capital("Rabatit, a city", rabat)
    assert plain_letters("Yaound\u00e9") == "yaounde"


def test_pages_are_found_best_first():
    pages = ["Lyon is a city in France.", "Rome is old.", "The capital of France is Paris."]
    found = find_pages("What is the capital of France?", pages)
    assert found == [pages[2], pages[0]]


def test_what_is_asked_stands_in_the_chat_and_no_other_instruction():
    tokenizer = load_tokenizer()
    text = tokenizer.decode(chat_prompt(tokenizer, "Be brief.", "Why?"))
    assert "system\nBe brief." in text
    assert "user\nWhy?" in text
    assert "SmolLM" not in text


def test_no_pages_no_find():
    assert find_pages("What is the capital of France?", []) == []
