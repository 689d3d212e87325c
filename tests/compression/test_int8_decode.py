import pytest
import torch
from torch import nn

from sitebuild.book import Book
from snippets.compression.int8_decode import Int8Linear, tokens_per_second, with_int8_layers
from snippets.compression.integer import dequantize_integer, quantize_absmax
from snippets.model.transformer import Transformer, TransformerConfig


@pytest.mark.parametrize("shape", [(1, 64), (2, 3, 64)])
def test_agrees_with_the_unpacked_layer(shape):
    plain = nn.Linear(64, 32, bias=False).bfloat16()
    packed, x = Int8Linear(plain), torch.randn(shape).bfloat16()
    q, scale = quantize_absmax(plain.weight.detach(), axis=0)
    expected = x.float() @ dequantize_integer(q, scale).T
    assert packed(x).shape == (*shape[:-1], 32)
    assert torch.allclose(packed(x).float(), expected, atol=0.02, rtol=0.02)


def test_every_linear_layer_is_replaced():
    model = Transformer(TransformerConfig(13, 32, 2, 2, 2, 16, 64, context=64)).bfloat16().eval()
    before = sum(w.nbytes for w in model.state_dict().values())
    with_int8_layers(model)
    assert not any(isinstance(m, nn.Linear) for m in model.modules())
    assert sum(w.nbytes for w in model.state_dict().values()) < 0.7 * before
    assert tokens_per_second(model, torch.tensor([[1, 2]]), tries=1) > 0


def test_page_says_fewer_bytes_do_not_promise_speed():
    rows = {
        row["weights"]: row for row in Book().result("compression.int8_decode")["values"]["rows"]
    }
    assert rows["int8"]["megabytes"] < 0.35 * rows["float32"]["megabytes"]
    gain = rows["int8"]["speed"] / rows["float32"]["speed"]
    assert gain < rows["float32"]["megabytes"] / rows["int8"]["megabytes"]
    bare = Book().result("compression.matvec_speed")["values"]["by"]["int8, bfloat16 in"]
    assert gain < bare
