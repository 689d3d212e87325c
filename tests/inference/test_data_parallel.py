import pytest
import torch

from sitebuild.book import Book
from snippets.inference.data_parallel import shared_gradients, text_loss
from snippets.inference.ranks import run_ranks
from snippets.model.transformer import Transformer, TransformerConfig


def gradients_two_ways(wire, texts):
    """Give gradients of the shared batch, and how far they are from those of the whole."""
    torch.manual_seed(7)
    model = Transformer(TransformerConfig(23, 20, 2, 6, 3, 4, 15, context=40))
    model.norm.requires_grad_(False)
    ids = torch.randint(23, (texts, 11), generator=torch.Generator().manual_seed(1))
    shared = shared_gradients(model, ids, wire)
    text_loss(model, ids).backward()
    whole = {name: w.grad for name, w in model.named_parameters() if w.requires_grad}
    assert shared.keys() == whole.keys()
    gaps = [float((shared[n] - whole[n]).abs().max()) for n in whole]
    size = sum(gradient.nbytes for gradient in whole.values())
    return wire.gather([max(gaps), size == wire.carried("all_reduce"), len(whole) == len(wire.log)])


def test_the_mean_of_shares_is_the_gradient_of_the_whole():
    for gap, bytes_fit, one_each in run_ranks(gradients_two_ways, 3, 6):
        assert gap < 1e-5
        assert bytes_fit
        assert one_each


def test_loss_agrees_with_pytorch():
    torch.manual_seed(0)
    model = Transformer(TransformerConfig(13, 8, 1, 2, 1, 4, 12, context=20))
    ids = torch.randint(13, (3, 7))
    logits = model(ids)[:, :-1].log_softmax(-1)
    chosen = logits.gather(-1, ids[:, 1:, None])
    torch.testing.assert_close(text_loss(model, ids), -chosen.mean())


def test_unequal_shares_are_refused():
    with pytest.raises(RuntimeError, match="ValueError: 2 ranks cannot share 5 texts evenly"):
        run_ranks(gradients_two_ways, 2, 5)


def test_page_says_gradients_agree_and_replicas_do_not_talk():
    values = Book().result("inference.data_parallel")["values"]
    assert values["gap"] < 1e-4
    assert values["carried"] == 4 * values["learning"]
    assert values["talk"] == 0
    assert "Paris" in values["answers"][0]
    assert "Tokyo" in values["answers"][2]
    assert len(set(values["answers"])) == 3
