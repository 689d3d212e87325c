from functools import cache

import pytest
import torch

from sitebuild.book import Book
from snippets.tools.threads import with_threads
from snippets.training.in_context import (
    CODE_PAIRS,
    CODE_SIGNS,
    code_texts,
    lookup_share,
    right_by_place,
    train_code_reader,
)


@cache
def told():
    rows = Book().result("training.in_context")["values"]["rows"]
    return {row["learner"]: row for row in rows}


def test_the_formula_agrees_with_looking_up_and_guessing():
    chance = torch.Generator().manual_seed(0)
    texts = code_texts(4000, chance)
    right = torch.zeros(CODE_PAIRS)
    for text in texts.tolist():
        book = {}
        for n, (letter, answer) in enumerate(zip(text[::2], text[1::2], strict=True)):
            guess = torch.randint(CODE_SIGNS, (), generator=chance).item() + CODE_SIGNS
            right[n] += book.get(letter, guess) == answer
            book[letter] = answer
    assert (right / 4000).tolist() == pytest.approx(lookup_share(CODE_PAIRS), abs=0.03)


def test_a_letter_means_one_thing_in_a_text_and_another_elsewhere():
    texts = code_texts(200, torch.Generator().manual_seed(3))
    assert texts.shape == (200, 2 * CODE_PAIRS)
    answers = [dict(zip(t[::2], t[1::2], strict=True)) for t in texts.tolist()]
    for text, book in zip(texts.tolist(), answers, strict=True):
        assert all(book[a] == b for a, b in zip(text[::2], text[1::2], strict=True))
    assert len({book[0] for book in answers if 0 in book}) == CODE_SIGNS


def test_who_always_had_the_same_book_knows_it_by_heart_and_nothing_else():
    book = torch.tensor([2, 0, 0, 3])
    with with_threads(1):
        model = train_code_reader(7, book, 60)
    home = code_texts(500, torch.Generator().manual_seed(1), book)
    away = code_texts(500, torch.Generator().manual_seed(2))
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    assert right_by_place(model, home).min() > 0.95
    assert right_by_place(model, away).max() < 0.4
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())


def test_a_book_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"wanted a book \(4,\), got \(5,\)"):
        code_texts(1, torch.Generator(), torch.zeros(5, dtype=torch.int64))


def test_page_says_one_learns_while_reading_and_the_other_recites():
    learns, recites = told()["new book in every text"], told()["always the same book"]
    assert max(learns["first"]) < 0.35
    assert min(learns["last"]) > 0.6
    assert sorted(learns["last"])[1] > 0.85
    assert max(recites["last"]) < 0.35
    assert recites["old book"] > 0.95
    assert learns["old book"] < recites["old book"] - 0.1
    assert lookup_share(12)[-1] > 0.95
