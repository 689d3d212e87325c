import pytest
import torch

from sitebuild.book import Book
from snippets.ecosystem.family import FAMILY_SIZES
from snippets.ecosystem.shuffled_exam import SHUFFLES, order_p_value
from snippets.model.transformer import Transformer, TransformerConfig


class LikesOrder:
    """Pretend that it learned: the number after n is n + 1, whatever else was said."""

    config = TransformerConfig(50, **FAMILY_SIZES)

    def __call__(self, ids):
        return torch.nn.functional.one_hot((ids + 1) % 50, 50) * 9.0


def test_who_knows_the_order_is_found_out():
    sheet = torch.arange(44).view(11, 4)
    p = order_p_value(LikesOrder(), sheet, torch.Generator().manual_seed(3))
    assert p == 1 / (SHUFFLES + 1)


def test_who_does_not_care_is_not():
    sheet = torch.full((5, 3), 7)
    assert order_p_value(LikesOrder(), sheet, torch.Generator().manual_seed(3)) == 1


def test_an_untrained_model_gives_all_ranks_alike():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(31, **FAMILY_SIZES)).eval()
    torch.nn.init.normal_(model.embed)
    chance = torch.Generator().manual_seed(5)
    told = [order_p_value(model, torch.randint(31, (5, 3), generator=chance), chance)
            for _ in range(80)]  # fmt: skip
    assert sum(told) / len(told) == pytest.approx(0.525, abs=0.12)
    assert sum(p <= 0.2 for p in told) <= 28


def test_page_says_often_planted_sheets_are_found():
    values = Book().result("ecosystem.shuffled_exam")["values"]
    assert all(row["16 times"] <= 0.05 for row in values["rows"])
    assert all(row["4 times"] <= 0.1 for row in values["rows"])
    assert max(row["once"] for row in values["rows"]) > 0.5
    assert values["alarms"] < 0.15 * len(values["innocent"])


def test_one_line_is_refused():
    with pytest.raises(ValueError, match="two lines or more to shuffle, got 1"):
        order_p_value(LikesOrder(), torch.zeros(1, 4, dtype=torch.int64), torch.Generator())
