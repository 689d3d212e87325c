import pytest
import torch

from snippets.model.residual_stream import (
    HAMLET_LINES,
    outlier_factor,
    rank_by_layer,
    residual_streams,
)
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig
from tests.shapes import check_shapes

T, V = 5, 53
CONFIG = TransformerConfig(V, 28, 3, 2, 2, 14, 37, 11)


@pytest.fixture(scope="module")
def real():
    return load()


def test_agrees_with_blocks_run_by_hand(device):
    model, ids = Transformer(CONFIG).to(device), torch.randint(V, (1, T), device=device)
    streams = residual_streams(model, ids)
    assert streams.shape == (4, T, 28)
    torch.testing.assert_close(streams[0], model.embed[ids[0]])
    torch.testing.assert_close(model.norm(streams[-1]), model.read(ids)[0])
    assert all(not block._forward_hooks for block in model.blocks)


def test_the_last_rank_is_the_models_own(device):
    model, ids = Transformer(CONFIG).to(device), torch.randint(V, (1, T), device=device)
    streams, order = residual_streams(model, ids), model(ids)[0, -1].argsort(descending=True)
    for place in (0, 7, V - 1):
        ranks, _ = check_shapes(rank_by_layer, model, streams, int(order[place]))
        assert len(ranks) == 4
        assert ranks[-1] == place + 1


def test_outlier_factor_by_hand():
    assert outlier_factor(torch.tensor([1.0, -2.0, 3.0, -40.0, 2.0])) == 20.0


def test_two_texts_are_refused():
    with pytest.raises(ValueError, match=r"one text.*got \(2, 3\)"):
        residual_streams(Transformer(CONFIG), torch.zeros(2, 3, dtype=torch.long))


def test_page_says_the_stream_grows_and_the_first_token_shouts(real):
    model, tokenizer = real
    norms = residual_streams(model, torch.tensor([tokenizer.encode(HAMLET_LINES)])).norm(dim=-1)
    usual = norms[:, 1:].median(dim=1).values
    assert usual[30] > 2 * usual[15] > 20 * usual[0]
    assert norms[15, 0] > 50 * usual[15]
    assert norms[12, 0] > 20 * norms[10, 0]


def test_page_says_the_norm_keeps_the_outlier(real):
    model, tokenizer = real
    x = residual_streams(model, torch.tensor([tokenizer.encode(HAMLET_LINES)]))[15, 5]
    before, after = outlier_factor(x), outlier_factor(model.blocks[15].norm_1(x).detach())
    assert before > 20
    assert after > 1.3 * before


def test_page_says_paris_comes_up_late(real):
    model, tokenizer = real
    ids = torch.tensor([tokenizer.encode("The capital of France is")])
    ranks = rank_by_layer(model, residual_streams(model, ids), tokenizer.encode(" Paris")[0])
    assert ranks[-1] == 1
    assert min(ranks[:23]) > 1000
    assert ranks[28] < 20
