import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from snippets.model.attention_weights import attention_weights, hamlet_tokens
from snippets.model.head_ablation import loss_without_head
from snippets.model.head_jobs import induction_scores, repeated_blocks, top_heads
from snippets.model.head_surgery import loss_by_place, said_per_token, silenced
from snippets.model.residual_stream import residual_streams
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig
from tests.shapes import check_shapes

V, T, BLOCK = 53, 7, 64
CONFIG = TransformerConfig(V, 30, 3, 10, 5, 22, 37, 11)


@pytest.fixture
def small(device):
    model = Transformer(CONFIG).to(device)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.3 if weight.ndim == 2 else 1.0)
    return model


@pytest.fixture(scope="module")
def real():
    return load()


def test_agrees_with_silencing_by_the_weights(small, device):
    ids = torch.randint(V, (1, T), device=device)
    for layer, head in ((0, 0), (1, 7), (2, 9)):
        with silenced(small, [(layer, head)]):
            loss = loss_by_place(small, ids).mean()
        assert float(loss) == pytest.approx(loss_without_head(small, ids, layer, head), abs=1e-5)
        assert float(loss) != pytest.approx(float(loss_by_place(small, ids).mean()), abs=1e-4)


@torch.no_grad()
def test_all_heads_of_a_layer_silenced_is_no_attention(small, device):
    ids = torch.randint(V, (2, T), device=device)
    with silenced(small, [(1, head) for head in range(10)]):
        silent = small(ids)
    before = small(ids)
    small.blocks[1].attention.out.weight.zero_()
    torch.testing.assert_close(silent, small(ids))
    assert not torch.allclose(silent, before)


@torch.no_grad()
def test_afterwards_the_model_is_as_it_was(small, device):
    ids = torch.randint(V, (1, T), device=device)
    before = small(ids)
    with pytest.raises(RuntimeError, match="stop"), silenced(small, [(0, 1), (2, 3)]):
        raise RuntimeError("stop")
    with (
        pytest.raises(ValueError, match=r"0\.0 to 2\.9, got 3\.0"),
        silenced(small, [(0, 1), (3, 0)]),
    ):
        pass
    assert torch.equal(small(ids), before)


def test_loss_by_place_agrees_with_one_place_at_a_time(small, device):
    ids = torch.randint(V, (5, T), device=device)
    losses, _ = check_shapes(loss_by_place, small, ids)
    assert losses.shape == (T - 1,)
    with torch.no_grad():
        logits = small(ids)
        for t in range(T - 1):
            torch.testing.assert_close(losses[t], cross_entropy(logits[:, t], ids[:, t + 1]))


@torch.no_grad()
def test_what_a_head_says_agrees_with_the_stream(small, device):
    ids = torch.randint(V, (1, T), device=device)
    lengths, _ = check_shapes(said_per_token, small, ids, 1, 7)
    block, x = small.blocks[1], residual_streams(small, ids)[1]
    values = block.attention.value(block.norm_1(x)).unflatten(-1, (5, 22))
    everything = values.repeat_interleave(2, dim=1)  # head 7 reads group 3
    everything[:, [h for h in range(10) if h != 7]] = 0
    expected = block.attention.out(everything.flatten(1)).norm(dim=-1)
    torch.testing.assert_close(lengths, expected)
    assert not block.attention.value._forward_hooks


@pytest.fixture(scope="module")
def operated(real):
    """Losses on the second copy of another block than the demo's."""
    model, _ = real
    ids = repeated_blocks(3, BLOCK, model.config.vocab_size)[2:]
    five = top_heads(induction_scores(attention_weights(model, ids), BLOCK), 5)

    def second(heads):
        with silenced(model, heads):
            return float(loss_by_place(model, ids)[BLOCK:].mean())

    others = [(a, b) for a in range(30) for b in range(9) if (a, b) not in five]
    draws = [second(random.Random(seed).sample(others, 5)) for seed in (1, 4, 5)]
    alone = {head: second([head]) for head in ((18, 8), (18, 6), (16, 0))}
    return {"five": second(five), "nobody": second([]), "draws": draws} | alone


def test_page_says_who_is_needed_for_copying(operated):
    nobody = operated["nobody"]
    assert abs(operated[18, 8] - nobody) < 0.2
    assert operated[18, 6] > nobody + 1.5
    assert operated[16, 0] > operated[18, 6] + 2
    assert operated["five"] > operated[16, 0] + 0.5
    assert operated["five"] > max(operated["draws"]) + 2
    assert min(operated["draws"]) < nobody + 0.3


def test_page_says_prose_hardly_notices(real):
    model, tokenizer = real
    ids = torch.tensor([hamlet_tokens(tokenizer, 64)])
    five = [(18, 6), (17, 3), (17, 4), (18, 7), (17, 5)]
    whole = float(loss_by_place(model, ids).mean())
    with silenced(model, five):
        assert float(loss_by_place(model, ids).mean()) < 1.03 * whole


def test_page_says_induction_rests_on_one_head_that_looks_back(real):
    model, _ = real
    ids = repeated_blocks(3, BLOCK, model.config.vocab_size)[2:]

    def mean_score():
        scores = induction_scores(attention_weights(model, ids), BLOCK)
        return sum(float(scores[h]) for h in [(18, 6), (17, 3), (17, 4), (18, 7), (17, 5)]) / 5

    whole = mean_score()
    with silenced(model, [(16, 0)]):
        without_first = mean_score()
    with silenced(model, [(11, 1)]):
        without_second = mean_score()
    assert without_first < 0.3 * whole
    assert without_second > 0.9 * whole


def test_page_says_the_sink_has_next_to_nothing_to_say(real):
    model, tokenizer = real
    lengths = said_per_token(model, torch.tensor([hamlet_tokens(tokenizer, 64)]), 18, 8)
    assert lengths[0] < lengths[1:].median() / 10
