import pytest
import torch

from snippets.model.attention_weights import attention_weights, hamlet_tokens
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig

V, T = 53, 7
CONFIG = TransformerConfig(V, 30, 3, 10, 5, 22, 37, 11)


@pytest.fixture(scope="module")
def real():
    return load()


@pytest.fixture(params=[True, False], ids=["causal", "both ways"])
def small(request, device):
    model = Transformer(TransformerConfig(**vars(CONFIG) | {"causal": request.param})).to(device)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.3 if weight.ndim == 2 else 1.0)
    return model


def test_agrees_with_transformers(real, theirs):
    model, tokenizer = real
    ids = torch.tensor([hamlet_tokens(tokenizer, 61)])
    with torch.no_grad():
        expected = torch.cat(theirs(ids, output_attentions=True).attentions)
    torch.testing.assert_close(attention_weights(model, ids), expected, rtol=0, atol=1e-4)


def test_rows_sum_to_one_and_the_future_gets_nothing(small, device):
    weights = attention_weights(small, torch.randint(V, (1, T), device=device))
    assert weights.shape == (3, 10, T, T)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 10, T, device=device))
    future = weights.triu(1)
    assert (future.max() == 0) == small.config.causal
    assert len(weights.flatten(0, 1)[:, -1].unique(dim=0)) == 30  # no two heads are alike


def test_the_weights_blend_the_values_into_what_the_model_computes(small, device):
    ids, given = torch.randint(V, (1, T), device=device), []
    for block in small.blocks:
        block.attention.value.register_forward_hook(lambda m, i, said: given.append(said))
        block.attention.out.register_forward_pre_hook(lambda m, i: given.append(i[0]))
    with torch.no_grad():
        small.read(ids)
    for weights, values, mixed in zip(
        attention_weights(small, ids), given[::2], given[1::2], strict=False
    ):
        v = values[0].unflatten(-1, (5, 22)).transpose(0, 1).repeat_interleave(2, dim=0)
        expected = (weights @ v).transpose(0, 1).flatten(1)
        torch.testing.assert_close(mixed[0], expected, rtol=1e-4, atol=1e-4)


def test_the_model_is_left_as_it_was(small, device):
    ids = torch.randint(V, (1, T), device=device)
    with torch.no_grad():
        before = small(ids)
        attention_weights(small, ids)
        with pytest.raises(ValueError, match="room for 11"):
            attention_weights(small, ids.repeat(1, 2))
        assert torch.equal(small(ids), before)
    assert not any(block.attention._forward_pre_hooks for block in small.blocks)


def test_page_says_the_first_token_gets_far_more_than_its_share(real):
    model, tokenizer = real
    ids = hamlet_tokens(tokenizer, 256)
    assert tokenizer.decode(ids[:1]) == "And"
    assert len(ids) == 256
    share = float(attention_weights(model, torch.tensor([ids]))[..., 0].mean())
    even = sum(1 / t for t in range(1, 257)) / 256
    assert 0.3 < share < 0.4  # "a third"
    assert share > 10 * even


def test_two_texts_are_refused(small):
    with pytest.raises(ValueError, match=r"one text.*got \(2, 3\)"):
        attention_weights(small, torch.zeros(2, 3, dtype=torch.long))
