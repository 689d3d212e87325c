import pytest
import torch

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.perplexity import surprises
from snippets.training.option_scores import common_start, copy_rows, read_prefix, score_options


def small():
    torch.manual_seed(0)
    sizes = {"n_layers": 2, "n_heads": 3, "n_kv_heads": 1, "head_dim": 4, "d_ffn": 17}
    model = Transformer(TransformerConfig(23, d_model=12, context=64, **sizes))
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(5 if weight.ndim == 2 else 1)  # so that predictions differ
    return model.eval()


def plainly(model, prefix, prompt, option):
    """One question, one option, the whole text read from its first token on."""
    ids = torch.tensor([*prefix, *prompt, *option])
    return -surprises(model, ids)[len(prefix) + len(prompt) - 1 :].sum().item()


PROMPTS = [[3, 5, 7], [3, 5, 2], [3, 11], [3, 5, 7, 13, 17]]
OPTIONS = [[[2], [4, 6]], [[1, 9, 8], [5]], [[7], [8], [9, 9]], [[4, 4, 4, 4], [19, 3]]]


@pytest.mark.parametrize("prefix", [(), (1,), (20, 21, 22, 20, 19)])
def test_agrees_with_reading_everything_anew(prefix):
    model = small()
    told = score_options(model, prefix, PROMPTS, OPTIONS)
    for prompt, options, scores in zip(PROMPTS, OPTIONS, told, strict=True):
        expected = [plainly(model, prefix, prompt, option) for option in options]
        assert scores.tolist() == pytest.approx(expected, abs=1e-4)


def test_the_real_model_agrees_too():
    model, tokenizer = load()
    prefix = tokenizer.encode("Chile -> Santiago\nNorway -> Oslo\n")
    prompts = [tokenizer.encode(f"{land} ->") for land in ("France", "Bhutan", "Burkina Faso")]
    options = [[tokenizer.encode(f" {city}") for city in ("Paris", "Thimphu", "Ouagadougou")]] * 3
    told = score_options(model, prefix, prompts, options)
    for prompt, scores in zip(prompts, told, strict=True):
        expected = [plainly(model, prefix, prompt, option) for option in options[0]]
        assert scores.tolist() == pytest.approx(expected, abs=2e-3, rel=1e-4)


def test_a_question_does_not_see_the_others():
    model = small()
    together = score_options(model, (1, 2), PROMPTS, OPTIONS)
    alone = [
        score_options(model, (1, 2), [p], [o])[0] for p, o in zip(PROMPTS, OPTIONS, strict=True)
    ]
    for one, other in zip(together, alone, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


@torch.no_grad()
def test_copies_leave_the_original_alone():
    model = small()
    shared = read_prefix(model, [3, 5, 7])
    before = shared.store.clone()
    copies = copy_rows(shared, [0, 0], 2)
    model.read(torch.tensor([[1, 2], [8, 9]]), copies)
    assert torch.equal(shared.store, before)
    assert (shared.length, copies.length) == (3, 5)
    second = copy_rows(copies, [1, 0, 1], 1)
    assert torch.equal(second.store[:, :, 0, :, :5], copies.store[:, :, 1, :, :5])
    assert torch.equal(second.store[:, :, 1, :, :5], copies.store[:, :, 0, :, :5])


def test_what_texts_share_by_hand():
    assert common_start(PROMPTS) == 1
    assert common_start([[1, 2, 3], [1, 2, 3, 4]]) == 2  # each keeps one of its own
    assert common_start([[1], [1]]) == 0


def test_what_cannot_be_scored_is_refused():
    model = small()
    with pytest.raises(ValueError, match="at least one token each, got an empty one"):
        score_options(model, (), [[1]], [[[]]])
    with pytest.raises(ValueError, match="got an empty one"):
        score_options(model, (), [[]], [[[1]]])
    with pytest.raises(ValueError, match="options for each of 2 questions, got 1"):
        score_options(model, (), [[1], [2]], [[[1]]])
