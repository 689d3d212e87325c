import pytest
import torch
from torch import nn

from sitebuild.book import Book
from snippets.ecosystem.conclusion import half_pruned, stored_bytes
from snippets.model.tiny import load_tiny, new_tiny


def test_bytes_of_the_plain_formats_are_those_of_tensors():
    tiny = new_tiny(23)
    assert stored_bytes(tiny) == sum(weight.nbytes for weight in tiny.parameters())
    assert stored_bytes(tiny, 16) == sum(w.nbytes for w in tiny.bfloat16().parameters())


@pytest.mark.parametrize(("bits", "left"), [(8, 1.0), (4, 1.0), (2, 1.0), (16, 0.5)])
def test_bytes_counted_layer_by_layer(bits, left):
    tiny = new_tiny(23)
    matrices = [part.weight for part in tiny.modules() if isinstance(part, nn.Linear)]
    total = 16 * (sum(w.numel() for w in tiny.parameters()) - sum(m.numel() for m in matrices))
    for matrix in matrices:
        total += matrix.numel() * left * bits + (matrix.numel() if left < 1 else 0)
        total += 16 * len(matrix) if bits < 16 else 0
    assert stored_bytes(tiny, bits, left) == total / 8


def test_half_of_every_matrix_goes_and_the_original_stays():
    tiny = load_tiny()[0]
    before = torch.cat([w.flatten() for w in tiny.parameters()])
    pruned = half_pruned(tiny)
    for layer in (part for part in pruned.modules() if isinstance(part, nn.Linear)):
        assert float((layer.weight == 0).double().mean()) == pytest.approx(0.5, abs=0.01)
    assert torch.equal(before, torch.cat([w.flatten() for w in tiny.parameters()]))


def test_page_says_what_each_station_cost():
    by = Book().result("ecosystem.conclusion")["values"]["by"]
    nats = {what: row["nats"] for what, row in by.items()}
    assert nats["random numbers"] > nats["a tenth of its training"] + 1 > nats["trained"] + 1.5
    assert abs(nats["bfloat16"] - nats["trained"]) <= 0.01
    assert abs(nats["8 bits"] - nats["trained"]) <= 0.01
    assert nats["trained"] < nats["4 bits"] < nats["trained"] + 0.1
    assert nats["2 bits, rehearsed"] < nats["2 bits"] - 0.4
    assert nats["half of it zeros"] > nats["4 bits"]
    assert by["half of it zeros"]["bytes"] > by["4 bits"]["bytes"]
    values = Book().result("ecosystem.conclusion")["values"]
    assert 6.5 < values["smaller"] < 8
    assert values["gained"][0] > 2 * values["gained"][1] > 0
    assert 0.4 < values["won_back"] < 0.9
    assert 8 < values["bits_each"]["8 bits"] < 9
