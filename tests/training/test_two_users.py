import pytest
import torch

from sitebuild.book import Book
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.two_users import cache_bytes_of, next_scores

SIZES = {"n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}


def small():
    torch.manual_seed(1)
    return Transformer(TransformerConfig(23, d_model=16, context=32, **SIZES)).double()


def test_together_as_alone_whatever_the_lengths():
    model, texts = small(), [[3, 5, 7, 11, 13], [2, 4], [6, 8, 10]]
    together = next_scores(model, texts, 0)
    alone = torch.cat([model(torch.tensor([text]))[:, -1] for text in texts])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-5)


def test_a_neighbour_cannot_move_my_scores_and_does_move_his_own():
    model = small()
    one, other = (next_scores(model, [[3, first, 7], [2, 4, 6]], 0) for first in (5, 9))
    assert torch.equal(one[1], other[1])
    assert not torch.allclose(one[0], other[0])


def test_cache_bytes_agree_with_the_formula():
    sizes = kv_bytes_per_token(2, 2, 4, bytes_per_value=8)
    assert cache_bytes_of(small(), [[1, 2, 3], [4]]) == [3 * sizes, sizes]


def test_an_empty_text_is_refused():
    with pytest.raises(ValueError, match="at least one token"):
        next_scores(small(), [[1], []], 0)


def test_page_says_no_word_gets_across():
    values = Book().result("training.two_users")["values"]
    assert values["agree"]
    assert values["apart"] < 1e-3
    assert all(values[name] for name in ("same", "moved", "untouched"))
    assert not values["leaked"]
    assert values["per_token"] == 46_080
    assert values["weights"] > 100 * sum(values["caches"])
