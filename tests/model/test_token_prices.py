from snippets.model.smollm2_tokenizer import load_tokenizer
from snippets.model.token_prices import QUESTIONS


def test_page_says_english_is_cheapest_and_hindi_costs_over_three_times_as_much():
    tokenizer = load_tokenizer()
    count = {language: len(tokenizer.encode(text)) for language, text in QUESTIONS.items()}
    assert min(count, key=count.get) == "English"
    assert count["Hindi"] > 3 * count["English"]
    assert count["Chinese"] > len(QUESTIONS["Chinese"]), "more tokens than characters"


def test_the_questions_are_written_in_their_own_letters():
    assert all(
        text.isascii() == (name in ("English", "German", "French"))
        for name, text in QUESTIONS.items()
    )
    assert len(set(QUESTIONS.values())) == len(QUESTIONS)
