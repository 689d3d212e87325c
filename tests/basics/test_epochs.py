from functools import cache
from itertools import islice

import pytest
import torch

from snippets.basics.epochs import BATCH, LITTLE, MUCH, WINDOW, train_and_examine, whole_epochs
from snippets.model.characters import play_ids
from snippets.tools.threads import with_threads

OTHER_SEED = 7  # the demo has 0, 1 and 2


def test_an_epoch_reads_every_window_once():
    ids = torch.arange(8 * BATCH * WINDOW + 1)
    batches = whole_epochs(ids, torch.Generator().manual_seed(0))
    for _ in range(3):
        epoch = torch.cat(list(islice(batches, 8)))  # (windows, T + 1)
        assert sorted(epoch[:, 0].tolist()) == list(range(0, 8 * BATCH * WINDOW, WINDOW))
        assert torch.equal(epoch[:, 1:], epoch[:, :-1] + 1)


def test_a_text_of_less_than_a_batch_is_read_again_and_again():
    ids = torch.arange(3 * WINDOW + 1)
    batches = torch.cat(list(islice(whole_epochs(ids, torch.Generator().manual_seed(0)), 3)))
    times = batches[:, 0].bincount()[::WINDOW]
    assert times.tolist() == [BATCH] * 3


@cache
def trained(amount):
    """Train on so many characters, once for several tests."""
    characters, ids, held_out = play_ids()
    exam = held_out[: 64 * WINDOW + 1].unfold(0, WINDOW + 1, WINDOW)
    with with_threads(1):
        return train_and_examine(ids[:amount], exam, len(characters), OTHER_SEED)


def test_page_says_what_is_read_again_and_again_is_learned_by_heart():
    once, often = trained(MUCH), trained(LITTLE)
    assert often["read"][-1] < once["read"][-1] - 0.8
    assert often["exam"][-1] > once["exam"][-1] + 1
    assert once["exam"][-1] < once["exam"][4]  # still getting better
    assert often["exam"][-1] > min(often["exam"]) + 0.5  # had been better before


def test_page_says_four_readings_cost_a_little():  # exercise 3
    once, four, often = trained(MUCH), trained(MUCH // 4), trained(LITTLE)
    assert 0 < once["read"][-1] - four["read"][-1] < 0.25
    assert 0.05 < four["exam"][-1] - once["exam"][-1] < 0.3
    assert often["exam"][-1] - once["exam"][-1] > 4 * (four["exam"][-1] - once["exam"][-1])


def test_too_little_text_is_refused():
    with pytest.raises(ValueError, match=f"wanted more than {WINDOW} tokens, got 5"):
        next(whole_epochs(torch.arange(5), torch.Generator()))
