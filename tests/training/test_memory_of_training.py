import pytest
import torch
from torch import nn
from torch.optim import AdamW

from sitebuild.book import Book
from snippets.basics.learning import wrongness
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.training.memory_of_training import MixedPrecision, bytes_each

V = 23


def small():
    sizes = {"n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "head_dim": 4, "d_ffn": 29}
    return Transformer(TransformerConfig(V, d_model=16, context=32, **sizes))


def test_sixteen_bytes():
    training = MixedPrecision(small(), 1e-3)
    training.step(torch.randint(V, (3, 8)))
    assert sum(bytes_each(tensors) for tensors in training.tensors().values()) == 16


def test_agrees_with_a_training_in_32_bits():
    model, ids = small(), torch.randint(V, (3, 8))
    training, optimizer = MixedPrecision(model, 0.01), AdamW(model.parameters(), 0.01)
    before = training.step(ids)
    optimizer.param_groups[0]["weight_decay"] = 0.0
    loss = wrongness(model, ids)
    assert before == pytest.approx(loss.item(), rel=0.02)
    for _ in range(20):
        optimizer.zero_grad()
        wrongness(model, ids).backward()
        optimizer.step()
        after = training.step(ids)
    assert after == pytest.approx(wrongness(model, ids).item(), abs=0.15)
    assert after < before - 0.5


def test_the_copy_remembers_what_16_bits_would_forget():
    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = nn.Parameter(torch.ones(V, V))

        def forward(self, ids):
            return self.table[ids]

    training = MixedPrecision(Reader(), 1e-4)  # a step of 1e-4 at 1.0 is lost in bfloat16
    for _ in range(3):
        training.step(torch.randint(V, (1, 50)))
    assert torch.equal(training.model.table, torch.ones(V, V, dtype=torch.bfloat16))
    assert (training.copy[0] - 1).abs().max() > 1e-4


def test_page_says_eight_times_thirty_five_cards_and_caches_that_outgrow_the_weights():
    values = Book().result("training.memory_of_training")["values"]
    by = values["by"]
    assert values["total"] == 16.0
    assert by["GPT-3"]["cards"] == 35
    assert (by["52B"]["training"], by["52B"]["inference"]) == (832, 104)
    assert values["cache"] > by["Llama 3 70B"]["inference"]
    assert 3 < by["Llama 3 70B"]["tokens"] / 131_072 < 4
