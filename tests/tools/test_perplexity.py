import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.perplexity import perplexity, surprises


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(13, 16, 2, 2, 2, 8, 32, context=64)).eval()
    torch.nn.init.normal_(model.embed)
    return model


@pytest.mark.parametrize("length", [2, 5, 9, 10, 31, 64])
@pytest.mark.parametrize(("window", "shift"), [(8, 4), (8, 8), (8, 1), (9, 5), (64, None)])
@torch.no_grad()
def test_each_token_is_judged_once_with_the_context_that_was_promised(model, length, window, shift):
    ids = torch.randint(13, (length,))
    told = surprises(model, ids, window, shift)
    assert told.shape == (length - 1,)
    step = window // 2 if shift is None else shift
    for n in range(1, length):  # the window that tells about token n begins here
        start = 0 if n <= window else -(-(n - window) // step) * step
        start = min(start, max(length - 1 - window, 0))
        logits = model(ids[None, start:n])[0, -1]
        assert told[n - 1].item() == pytest.approx(cross_entropy(logits, ids[n]).item(), abs=1e-4)
        assert n < window or n - start >= min(window - step + 1, n)


def test_perplexity_is_the_number_of_equal_choices():
    ids = torch.randint(7, (100,))
    assert perplexity(lambda x: torch.zeros(*x.shape, 7), ids, 16) == pytest.approx(7)
    certain = torch.nn.functional.one_hot(ids, 7) * 99.0
    assert perplexity(lambda x: certain[1:][None], ids, 99) == pytest.approx(1)
    assert math.isfinite(perplexity(lambda x: torch.zeros(*x.shape, 7), ids))


def test_bad_input_is_refused(model):
    for ids, window, shift in (
        (torch.zeros(1, dtype=torch.int64), 8, 4),
        (torch.zeros(2, 9, dtype=torch.int64), 8, 4),
        (torch.zeros(9, dtype=torch.int64), 8, 9),
        (torch.zeros(9, dtype=torch.int64), 0, 0),
    ):
        with pytest.raises(ValueError, match="wanted ids"):
            surprises(model, ids, window, shift)
