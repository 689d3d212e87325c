import math
from collections import Counter, defaultdict

import pytest
import torch

from snippets.model.characters import play_ids
from snippets.model.ngram import ngram_surprises


def by_dictionary(train, text, vocab_size, order):
    """The same formula, one token at a time, with dictionaries."""
    followers = defaultdict(Counter)
    for n in range(1, order + 1):
        for end in range(n, len(train) + 1):
            *history, last = train[end - n : end]
            followers[tuple(history)][last] += 1

    def share(history, token):
        if history is None:
            return 1 / vocab_size
        shorter = share(history[1:] if history else None, token)
        seen = followers[history]
        if not seen:
            return shorter
        return (seen[token] + len(seen) * shorter) / (seen.total() + len(seen))

    return share


def test_it_is_the_formula_with_dictionaries():
    train, text = torch.randint(3, (211,)), torch.randint(5, (97,))
    for order, told in enumerate(ngram_surprises(train, text, 5, orders=4), 1):
        share = by_dictionary(train.tolist(), text.tolist(), 5, order)
        tokens = text.tolist()
        expected = [
            -math.log(share(tuple(tokens[end - order + 1 : end]), tokens[end]))
            for end in range(3, len(tokens))
        ]
        assert told.tolist() == pytest.approx(expected, rel=1e-12)


def test_the_probabilities_of_all_next_tokens_add_up_to_one():
    train = torch.randint(7, (500,))
    texts = [torch.tensor([2, 5, 3, last]) for last in range(7)]
    for order in range(4):
        total = sum(math.exp(-ngram_surprises(train, t, 7, 4)[order].item()) for t in texts)
        assert total == pytest.approx(1, rel=1e-12)


def test_what_was_never_seen_is_still_possible():
    told = ngram_surprises(torch.zeros(50, dtype=torch.int64), torch.tensor([0, 0, 4]), 5, 3)
    assert all(torch.isfinite(t).all() for t in told)


def test_bad_input_is_refused():
    ids = torch.zeros(50, dtype=torch.int64)
    for train, text, size, orders in ((ids, ids, 80, 10), (ids[:2], ids, 5, 3), (ids, ids, 5, 0)):
        with pytest.raises(ValueError, match="wanted 1 or more orders"):
            ngram_surprises(train, text, size, orders)


def test_page_says_a_longer_memory_helps_until_it_has_seen_too_little():
    characters, train, held_out = play_ids()
    losses = [t.mean().item() for t in ngram_surprises(train, held_out, len(characters), 7)]
    best = losses.index(min(losses))
    assert best == 5  # the 6-gram
    assert losses[:6] == sorted(losses[:6], reverse=True)
    assert losses[6] > losses[5] + 0.03
