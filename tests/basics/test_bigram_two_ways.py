from collections import Counter
from itertools import pairwise

import pytest
import torch

from snippets.basics.bigram_two_ways import count_pairs, learn_pairs
from snippets.model.characters import Characters
from snippets.tools.texts import read_play

V = 11


def test_counts_agree_with_a_plain_count():
    ids = torch.randint(V, (997,))
    counts = count_pairs(ids, V)
    for (a, b), times in Counter(pairwise(ids.tolist())).items():
        assert counts[a, b] == times
    assert counts.sum() == 996


def test_learning_arrives_at_the_counts():
    counts = count_pairs(torch.randint(V, (997,)), V)
    scores, losses = learn_pairs(counts, 300, 0.2)
    torch.testing.assert_close(
        scores.softmax(-1), counts / counts.sum(1, keepdim=True), atol=2e-3, rtol=0.01
    )
    assert losses[0] == pytest.approx(float(torch.tensor(V).log()), abs=1e-5)
    assert losses[-1] < losses[0]


def test_page_says_both_agree_on_a_real_text():
    text = read_play("macbeth")
    characters = Characters(text)
    counts = count_pairs(torch.tensor(characters.encode(text)), len(characters))
    counted = counts / counts.sum(1, keepdim=True).clamp(min=1)
    scores, losses = learn_pairs(counts, 400, 0.2)
    exact = -(counts * counted.clamp(min=1e-9).log()).sum() / counts.sum()
    assert 0 <= losses[-1] - float(exact) < 0.005  # never better than counting
    often = counts.sum(1) >= 100
    assert (scores.softmax(-1) - counted)[often].abs().max() < 0.01
    after_q = counted[characters.encode("q")[0]]
    assert characters.decode([int(after_q.argmax())]) == "u"
    assert after_q.max() > 0.95


def test_no_pair_is_refused():
    with pytest.raises(ValueError, match="at least 2 tokens, got 1"):
        count_pairs(torch.tensor([3]), V)
