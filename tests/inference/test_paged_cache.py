import pytest
import torch

from sitebuild.book import Book
from snippets.inference.paged_cache import PAGE, PagedCache, PagePool, filled_share
from snippets.model.transformer import Transformer, TransformerConfig


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(50, 24, 2, 6, 2, 4, 48, context=200)).eval()
    torch.nn.init.normal_(model.embed)
    return model


def pool_for(model, pages=20):
    c = model.config
    return PagePool(pages, c.n_layers, c.n_kv_heads, c.head_dim, model.embed)


@torch.no_grad()
@pytest.mark.parametrize("pieces", [[40], [1] * 40, [16, 16, 8], [15, 2, 17, 6], [33, 7]])
def test_logits_agree_with_the_plain_cache(model, pieces):
    """Whatever the pieces in which a text arrives, and wherever they cross a page."""
    ids = torch.randint(50, (1, sum(pieces)))
    paged, plain = PagedCache(pool_for(model), 200), model.new_cache()
    for piece in ids.split(pieces, dim=1):
        assert torch.allclose(model(piece, paged), model(piece, plain), atol=1e-5)
    assert len(paged.table) == -(-ids.shape[1] // PAGE)


@torch.no_grad()
def test_a_shared_page_is_copied_before_it_is_written(model):
    """Two conversations go on from one beginning; each must say what it would say alone."""
    pool = pool_for(model)
    beginning, ids = PagedCache(pool, 200), torch.randint(50, (1, 21))
    model(ids, beginning)
    first, second = beginning.fork(), beginning.fork()
    assert first.table == second.table == beginning.table
    for chat in (first, second, beginning):
        more = torch.randint(50, (1, 9))
        alone = model(torch.cat([ids, more], dim=1))[:, -9:]
        assert torch.allclose(model(more, chat), alone, atol=1e-5)
    assert first.table[0] == second.table[0] == beginning.table[0]  # full: never written again
    assert len({first.table[1], second.table[1], beginning.table[1]}) == 3


def test_pages_come_back_when_their_last_reader_ends(model):
    pool = pool_for(model, pages=4)
    beginning = PagedCache(pool, 200)
    model(torch.randint(50, (1, 40)), beginning)
    chat = beginning.fork()
    assert len(pool.free) == 1
    beginning.end()
    assert len(pool.free) == 1
    chat.end()
    assert sorted(pool.free) == [0, 1, 2, 3]
    assert pool.readers == [0] * 4


def test_a_full_pool_says_so(model):
    with pytest.raises(ValueError, match="all 2 pages are in use"):
        model(torch.randint(50, (1, 33)), PagedCache(pool_for(model, pages=2), 200))


def test_shares_by_hand():
    assert filled_share([10, 16, 17], 64) == 43 / 192
    assert filled_share([10, 16, 17], None) == 43 / 64


def test_page_says_pages_waste_less_and_sharing_saves_pages():
    values = Book().result("inference.paged_cache")["values"]
    reserved, paged = values["shares"].values()
    assert reserved < 0.4
    assert paged > 0.95
    assert values["alone"] == 3 * 5
    assert values["used"] == 10
    assert values["same"] is True
    full = values["rules_length"] // PAGE
    assert full == values["shared"] - 1
    assert all(table[:full] == values["tables"][0][:full] for table in values["tables"])
    assert len({table[full] for table in values["tables"]}) == 3
