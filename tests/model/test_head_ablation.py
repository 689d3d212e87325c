import pytest
import torch

from snippets.model.head_ablation import loss_without_head
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer, TransformerConfig

CONFIG = TransformerConfig(53, 28, 3, 4, 2, 14, 37, 17)


@pytest.fixture
def model(device):
    model = Transformer(CONFIG).to(device)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.3 if weight.ndim == 2 else 1.0)
    return model


def test_agrees_with_silencing_what_the_head_says(model, device):
    ids = torch.randint(53, (1, 11), device=device)

    def hush(out, inputs):
        mixed = inputs[0].clone()
        mixed[..., 28:42] = 0  # head 2 of 14 numbers
        return (mixed,)

    hook = model.blocks[1].attention.out.register_forward_pre_hook(hush)
    with torch.no_grad():
        expected = torch.nn.functional.cross_entropy(model(ids)[0, :-1], ids[0, 1:])
    hook.remove()
    assert loss_without_head(model, ids, 1, 2) == pytest.approx(expected.item(), abs=1e-5)
    assert loss_without_head(model, ids, 1, None) != pytest.approx(expected.item(), abs=1e-3)


def test_the_model_is_left_as_it_was(model, device):
    ids, before = torch.randint(53, (1, 7), device=device), [w.clone() for w in model.parameters()]
    loss_without_head(model, ids, 0, 3)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_a_head_that_is_not_there_is_refused(model, device):
    with pytest.raises(ValueError, match="0 to 3, got 4"):
        loss_without_head(model, torch.zeros(1, 3, dtype=torch.long, device=device), 0, 4)


def test_page_says_most_heads_are_hardly_missed():
    model, tokenizer = load()
    ids = torch.tensor([tokenizer.encode("The slings and arrows of outrageous fortune")])
    whole = loss_without_head(model, ids, 0, None)
    harm = [loss_without_head(model, ids, 10, head) / whole - 1 for head in range(9)]
    assert sum(h < 0.02 for h in harm) >= 7
    assert min(harm) < 0.005  # some are not missed at all
