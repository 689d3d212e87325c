import pytest
import torch

from snippets.model.rms_norm import RMSNorm
from tests.shapes import check_shapes

B, T, C = 2, 5, 13


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_agrees_with_pytorch(device, dtype):
    norm = RMSNorm(C, eps=1e-3).to(device, dtype)
    torch.nn.init.normal_(norm.weight)
    x = torch.randn(B, T, C, device=device, dtype=dtype)
    expected = torch.nn.functional.rms_norm(x, (C,), norm.weight, 1e-3)
    y, _ = check_shapes(norm.forward, x)
    assert y.dtype == dtype
    torch.testing.assert_close(y, expected)


def test_page_says_loudness_goes_and_direction_stays(device):
    norm, x = RMSNorm(C, eps=1e-9).to(device), torch.randn(B, T, C, device=device)
    torch.testing.assert_close(norm(1000 * x), norm(x), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(norm(x).square().mean(-1), torch.ones(B, T, device=device))
    cosine = torch.nn.functional.cosine_similarity(norm(x), x, dim=-1)
    torch.testing.assert_close(cosine, torch.ones(B, T, device=device))


def test_page_says_an_outlier_stays_as_far_out():
    x = torch.randn(C)
    x[3] = 50.0
    for y in (RMSNorm(C)(x), torch.nn.functional.layer_norm(x, (C,))):
        ratio = y[3] / y.median()
        assert abs(y.detach()).argmax() == 3
        assert ratio.abs() > 3
    torch.testing.assert_close(RMSNorm(C)(x)[3] / RMSNorm(C)(x)[0], x[3] / x[0])


def test_page_says_layer_norm_gives_the_same_after_taking_the_mean_away():
    x = torch.randn(B, T, C)
    centred = x - x.mean(-1, keepdim=True)
    torch.testing.assert_close(RMSNorm(C)(centred), torch.nn.functional.layer_norm(x, (C,)))


def test_zeros_stay_zeros():
    assert torch.equal(RMSNorm(C)(torch.zeros(T, C)), torch.zeros(T, C))


def test_another_width_is_refused():
    with pytest.raises(RuntimeError, match="size of tensor"):
        RMSNorm(C)(torch.zeros(T, C + 1))
