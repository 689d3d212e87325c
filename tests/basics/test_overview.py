from functools import cache

import pytest
import torch

from snippets.basics.overview import OPENING, watch_writing
from snippets.model.generate import generate
from snippets.model.smollm2 import load


@cache
def watched():
    return watch_writing(*load(), OPENING, 8)


def test_agrees_with_generate():
    model, tokenizer = load()
    ids = torch.tensor([tokenizer.encode(OPENING)])
    written = tokenizer.decode(generate(model, ids, 8)[0].tolist())
    assert watched()[-1][0] + watched()[-1][1][0][0] == written


def test_every_step_reads_what_the_last_one_wrote():
    for (text, best), (following, _) in zip(watched(), watched()[1:], strict=False):
        assert following == text + best[0][0]
        chances = [chance for _, chance in best]
        assert chances == sorted(chances, reverse=True)
        assert 0 < sum(chances) < 1


def test_page_says_a_girl_is_likely_and_her_name_is_open():
    chances = {best[0][0].strip(): best[0][1] for _, best in watched()}
    assert chances["girl"] > 0.3
    assert chances["named"] > 0.9
    assert chances["Emma"] < 0.35
    assert watched()[2][1][1][0].strip() in ("Emily", "Sarah")


def test_nothing_to_write_is_refused():
    with pytest.raises(ValueError, match="at least 1 step, got 0"):
        watch_writing(*load(), OPENING, 0)
