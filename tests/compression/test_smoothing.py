import pytest
import torch

from snippets.compression.smoothing import smoothing

N, IN, OUT = 5, 11, 7


def layer(device):
    x = torch.randn(N, IN, device=device)
    x[:, 5] *= 40  # a loud channel
    return x, torch.randn(OUT, IN, device=device)


@pytest.mark.parametrize("strength", [0.0, 0.3, 0.5, 1.0])
def test_factors_agree_with_equation_4_channel_by_channel(device, strength):
    x, weight = layer(device)
    for j, s in enumerate(smoothing(x, weight, strength).tolist()):
        loud, heavy = x[:, j].abs().max().item(), weight[:, j].abs().max().item()
        assert s == pytest.approx(loud**strength / heavy ** (1 - strength), rel=1e-5)


def test_the_output_in_floats_stays(device):
    x, weight = (y.double() for y in layer(device))
    for strength in (0.0, 0.5, 1.0):
        s = smoothing(x, weight, strength)
        torch.testing.assert_close((x / s) @ (weight * s).mT, x @ weight.mT)


def test_half_makes_inputs_and_weights_equally_loud(device):
    x, weight = layer(device)
    s = smoothing(x, weight)
    torch.testing.assert_close((x / s).abs().amax(0), (weight * s).abs().amax(0))


def test_a_dead_channel_makes_no_trouble(device):
    x, weight = layer(device)
    x[:, 2], weight[:, 3] = 0, 0
    s = smoothing(x, weight)
    assert s.isfinite().all()
    assert (s > 0).all()


def test_senseless_requests_are_refused():
    x, weight = layer("cpu")
    with pytest.raises(ValueError, match="strength in 0..1 and equal channels, got 1.5"):
        smoothing(x, weight, 1.5)
    with pytest.raises(ValueError, match=r"inputs \(5, 10\), weight \(7, 11\)"):
        smoothing(x[:, 1:], weight)


def test_page_says_the_hand_worked_channels_come_out_so():
    inputs = torch.tensor([[16.0, -1.0], [-8.0, 0.5]])
    weight = torch.tensor([[0.5, 1.0], [-1.0, 0.25]])
    s = smoothing(inputs, weight)
    assert s.tolist() == [4, 1]
    assert torch.equal((inputs / s) @ (weight * s).mT, inputs @ weight.mT)
