from sitebuild.book import Book
from snippets.model.smollm2 import load
from snippets.training.fine_tuning import TUNING_RATES
from snippets.training.forgetting import ALL_WEIGHTS_RATE, answers_to, prose_perplexity


def told():
    return Book().result("training.forgetting")["values"]


def test_page_says_everything_looks_like_a_sum():
    by, said = told()["by"], told()["said"]
    assert by["before"]["false"] == 0 < by["sums only"]["false"] == 8
    assert by["sums only"]["sums"] >= 28
    assert "Madrid" in said["before"][0]
    assert all(answer.startswith("CALC(") for answer in said["sums only"])
    # and its English is still there
    assert by["sums only"]["perplexity"] < 1.2 * by["before"]["perplexity"]


def test_the_rate_is_that_of_full_fine_tuning():
    assert TUNING_RATES["full"] == ALL_WEIGHTS_RATE


def test_before_the_lesson_it_answers_and_hamlet_is_readable():
    model, tokenizer = load()
    (answer,) = answers_to(model, tokenizer, ("What is the capital of Spain?",))
    assert answer == told()["said"]["before"][0]
    assert round(prose_perplexity(model, tokenizer), 0) == round(
        told()["by"]["before"]["perplexity"], 0
    )
