import pytest
import torch
from torch.nn.functional import cross_entropy

from snippets.model.characters import play_ids
from snippets.model.context_gain import loss_by_memory
from snippets.model.tiny import RECIPE, load_tiny
from tests.shapes import check_shapes


@pytest.fixture(scope="module")
def tiny():
    return load_tiny()[0]


def test_it_is_the_mean_over_windows(tiny):
    ids = play_ids()[2][: 14 * 5 + 3]
    rows = ids[:70].view(5, 14)
    with torch.no_grad():
        expected = [
            torch.stack([cross_entropy(tiny(row[None, :n])[0, -1], row[n]) for row in rows]).mean()
            for n in range(1, 14)
        ]
    torch.testing.assert_close(loss_by_memory(tiny, ids, 13), torch.stack(expected))


def test_page_says_eight_characters_help_a_lot_and_the_hundred_behind_them_hardly(tiny):
    loss = loss_by_memory(tiny, play_ids()[2], RECIPE.window)
    one, eight, rest = loss[0].item(), loss[4:8].mean().item(), loss[8:].mean().item()
    assert one > eight + 0.6
    assert abs(eight - rest) < 0.1


def test_shapes_and_errors(tiny):
    check_shapes(loss_by_memory, tiny, play_ids()[2][:200], 13)
    with pytest.raises(ValueError, match="wanted more than 13 tokens, got 13"):
        loss_by_memory(tiny, torch.zeros(13, dtype=torch.int64), 13)
