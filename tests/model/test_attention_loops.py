import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from snippets.model.attention import attention
from snippets.model.attention_loops import attention_by_loops

T, S, D, E = 5, 7, 11, 3


def inputs():
    return [torch.randn(*shape, dtype=torch.float64) for shape in ((T, D), (S, D), (S, E))]


def test_page_says_loops_matrices_and_the_fused_kernel_agree():
    q, k, v = inputs()
    loops, _ = attention_by_loops(q.tolist(), k.tolist(), v.tolist())
    loops = torch.tensor(loops, dtype=torch.float64)
    torch.testing.assert_close(loops, attention(q, k, v), atol=1e-12, rtol=0)
    fused = scaled_dot_product_attention(q[None, None], k[None, None], v[None, None])[0, 0]
    torch.testing.assert_close(loops, fused, atol=1e-12, rtol=0)


def test_multiplications_are_counted():
    q, k, v = inputs()
    _, count = attention_by_loops(q.tolist(), k.tolist(), v.tolist())
    assert count == T * S * D + T * S * E


def test_one_key_gets_everything():
    output, _ = attention_by_loops([[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0, 7.0]])
    assert output == [[5.0, 6.0, 7.0]]


def test_keys_without_values_are_refused():
    with pytest.raises(ValueError, match="2 keys, 1 values"):
        attention_by_loops([[1.0]], [[1.0], [2.0]], [[1.0]])
