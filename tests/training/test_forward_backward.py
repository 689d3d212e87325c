import torch

from sitebuild.book import Book
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.forward_backward import time_inference, time_training


def small():
    sizes = {"n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    return Transformer(TransformerConfig(23, d_model=16, context=32, **sizes))


def test_measuring_hardly_moves_the_weights():
    model, ids = small(), torch.randint(23, (2, 9))
    before = model.embed.detach().clone()
    seconds = time_training(model, ids)
    assert all(value > 0 for value in seconds.values())
    torch.testing.assert_close(model.embed.detach(), before, atol=1e-6, rtol=0)
    assert not torch.equal(model.embed.detach(), before)
    assert set(time_inference(model, ids[:1], 3)) == {"prefill", "decode"}


def test_page_says_about_three_times_and_writing_is_slower_than_reading():
    values = Book().result("training.forward_backward")["values"]
    assert 1.8 < values["ratio"] < 6
    assert values["seconds"]["decode"] > values["seconds"]["forward and backward"]
    one, four = values["update_share"].values()
    assert four < one < 0.6
    assert values["slower"] > 4
    assert values["per_token"] * 20_000 > 60
