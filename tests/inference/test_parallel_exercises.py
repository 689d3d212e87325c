from fractions import Fraction

from sitebuild.book import Book
from snippets.inference.facts_capacity import MODEL_SIZES
from snippets.inference.parallel_exercises import WEIGHTS


def test_the_count_of_weights_is_the_one_of_the_other_chapters():
    assert next(m.n_params for m in MODEL_SIZES if m.name == "SmolLM2-135M") == WEIGHTS


def test_answers_by_hand():
    values = Book().result("inference.parallel_exercises")["values"]
    assert values["counts"] == [1, 2, 4, 8]
    assert (values["whole_table"], values["cut_table"]) == (47, 33)
    assert values["gathered"] == 2 * 16_384 * 4
    assert Fraction(7, values["pieces"] + 7) <= Fraction(1, 10) < Fraction(7, values["pieces"] + 6)


def test_page_says_scores_weigh_about_as_much_as_the_sums_of_a_token():
    gathered = Book().result("inference.parallel_exercises")["values"]["gathered"]
    sums = Book().result("inference.parallel")["values"]["per_token"]
    assert 0.9 < gathered / sums < 1.1
