import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.family import FAMILY_SIZES
from snippets.ecosystem.leak_scores import (
    alarm_level,
    area_under_curve,
    least_expected,
    word_surprises,
)
from snippets.model.transformer import Transformer, TransformerConfig


def test_agrees_with_asking_for_one_word_at_a_time():
    model = Transformer(TransformerConfig(13, **FAMILY_SIZES)).eval()
    torch.nn.init.normal_(model.embed)
    passages = torch.randint(13, (3, 7))
    told = word_surprises(model, passages, before=5)
    with torch.no_grad():
        for row in range(3):
            for place in range(7):
                read = torch.tensor([[5, *passages[row, :place].tolist()]])
                chances = model(read)[0, -1].log_softmax(-1)
                torch.testing.assert_close(
                    told[row, place], -chances[passages[row, place]], atol=1e-4, rtol=1e-4
                )


def test_the_worst_share_by_hand():
    told = torch.tensor([[1.0, 5.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 0.0, 10.0]])
    assert least_expected(told, 0.2).tolist() == [5, 10]
    assert least_expected(told, 0.4).tolist() == [4.5, 5]
    assert least_expected(told, 1).tolist() == told.mean(1).tolist()


def test_area_agrees_with_the_curve():
    """Walk along the curve of hits against false alarms and add up strips."""
    guilty, innocent = torch.randn(17) + 0.5, torch.randn(23)
    area, hits = 0.0, 0.0
    for level in torch.cat([guilty, innocent]).sort(descending=True).values:
        if (guilty == level).any():
            hits += 1 / 17
        else:
            area += hits / 23
    assert area_under_curve(guilty, innocent) == pytest.approx(area)
    assert area_under_curve(innocent, guilty) == pytest.approx(1 - area)
    assert area_under_curve(innocent, innocent) == 0.5


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.5])
def test_the_level_keeps_its_promise_where_it_was_set(rate):
    innocent = torch.randn(101)
    level = alarm_level(innocent, rate)
    assert int((innocent > level).sum()) == int(rate * 101)


def test_page_says_by_hand():
    values = Book().result("ecosystem.leak_scores")["values"]
    assert values["area"] == 9.5 / 12
    assert (values["level"], values["caught"]) == (2, 2)


@pytest.mark.parametrize("share", [0, 1.5])
def test_nonsense_shares_are_refused(share):
    with pytest.raises(ValueError, match="a share above 0 and up to 1"):
        least_expected(torch.zeros(2, 3), share)
