import pytest
import torch

from sitebuild.book import Book
from snippets.compression.dark_knowledge import open_choices, soften
from snippets.model.sampling import next_probabilities


def some_scores():
    return 3 * torch.randn(11, 17, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("temperature", [0.5, 1, 4])
def test_agrees_with_the_shares_that_tokens_are_drawn_from(temperature):
    known = next_probabilities(some_scores(), temperature)
    torch.testing.assert_close(soften(some_scores(), temperature), known)


def test_heat_keeps_the_order_and_opens_choices():
    scores = some_scores()
    choices = [open_choices(soften(scores, t)) for t in (0.5, 1, 2, 4)]
    assert all((cool < warm).all() for cool, warm in zip(choices, choices[1:], strict=False))
    assert torch.equal(soften(scores, 1).argsort(-1), soften(scores, 4).argsort(-1))


def test_choices_agree_with_pytorchs_entropy_and_count_equals():
    shares = soften(some_scores(), 1)
    known = torch.distributions.Categorical(shares).perplexity()
    torch.testing.assert_close(open_choices(shares), known)
    assert open_choices(torch.tensor([0.25, 0.25, 0.25, 0.25, 0.0])).item() == pytest.approx(4)


def test_no_heat_is_refused():
    with pytest.raises(ValueError, match="above 0, got 0"):
        soften(some_scores(), 0)


def test_page_says_the_teacher_expects_vowels():
    values = Book().result("compression.dark_knowledge")["values"]
    names, first = values["names"], values["softened"]["1"]
    assert set(names[:5]) == set("aeiou")
    assert sum(first[:5]) > 0.98
    assert max(first) < 0.5


def test_page_says_heat_lifts_the_unlikely_and_too_much_lifts_the_impossible():
    values = Book().result("compression.dark_knowledge")["values"]
    cool, warm, hot = (values["softened"][t] for t in ("1", "2", "4"))
    assert cool[5] < warm[5] < hot[5]
    assert cool[0] > warm[0] > hot[0]
    assert values["rest"]["1"] < 0.01 < values["rest"]["2"] < 0.2 < 0.4 < values["rest"]["4"]
    assert values["choices"] > 5
    assert values["sure"] < 0.25
