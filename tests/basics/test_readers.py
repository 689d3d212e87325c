import copy
from functools import cache

import numpy as np
import pytest
import torch

from snippets.basics.readers import Reader, fit_head, train_reader
from snippets.model.bert import BertEncoder
from snippets.model.minilm import load_minilm

N, C, B, T = 23, 5, 3, 7


@cache
def small():
    torch.manual_seed(0)
    encoder = BertEncoder(31, 2 * C, 1, 2, 11, 13)
    return Reader(encoder, (torch.randn(2 * C), torch.randn(())))


def test_a_head_agrees_with_newtons_method():
    vectors, labels = torch.randn(N, C), (torch.arange(N) % 3 == 0).float()
    weight, bias = fit_head(vectors, labels)
    x = np.hstack([vectors.double().numpy(), np.ones((N, 1))])  # (N, C + 1)
    y, w = labels.double().numpy(), np.zeros(C + 1)
    pull = np.diag([2 / N] * C + [0])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (p - y) / N + pull @ w
        w -= np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) / N + pull, slope)
    np.testing.assert_allclose([*weight.numpy(), bias.item()], w, atol=2e-3)


def test_vectors_are_minilms_up_to_length():
    from snippets.model.minilm import load_minilm_parts

    wordpiece, encoder = load_minilm_parts()
    texts = ["lady beetle", "a much longer name of a picture", "cow"]
    reader = Reader(encoder, (torch.zeros(384), torch.zeros(())))
    with torch.no_grad():
        vectors = reader.vectors([wordpiece.encode(text) for text in texts])
    unit = torch.nn.functional.normalize(vectors)
    torch.testing.assert_close(unit, load_minilm()[0](texts), atol=1e-5, rtol=0)


def test_training_separates_what_can_be_separated_and_leaves_the_original():
    reader, before = copy.deepcopy(small()), copy.deepcopy(small().state_dict())
    texts = [[n, *torch.randint(31, (n % T,)).tolist()] for n in range(2, 20)]
    labels = (torch.arange(2, 20) % 2).float()
    trained = train_reader(reader, texts, labels, 0.02, 60, seed=0)
    with torch.no_grad():
        assert torch.equal(trained(texts) > 0, labels > 0)
    assert all(torch.equal(before[name], weight) for name, weight in small().state_dict().items())


def test_padding_changes_no_score():
    with torch.no_grad():
        alone = small()([[2, 3, 5]])
        beside = small()([[2, 3, 5], [7] * 12])[:1]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=0)


def test_one_kind_is_refused():
    with pytest.raises(ValueError, match="both kinds, got 3 of one"):
        fit_head(torch.randn(B, C), torch.ones(B))
