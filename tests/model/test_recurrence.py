from functools import partial

import pytest
import torch

from snippets.model.recurrence import lstm_step, read_in_order, rnn_step

B, T, C, H = 2, 5, 3, 7


def test_agrees_with_pytorchs_rnn(device):
    layer, tokens = torch.nn.RNN(C, H, batch_first=True), torch.randn(B, T, C, device=device)
    layer.to(device)
    bias = layer.bias_ih_l0 + layer.bias_hh_l0
    step = partial(rnn_step, w_x=layer.weight_ih_l0, w_h=layer.weight_hh_l0, bias=bias)
    start = torch.randn(B, H, device=device)
    expected, last = layer(tokens, start[None])
    states = read_in_order(step, tokens, start)
    torch.testing.assert_close(torch.stack(states, 1), expected, atol=1e-6, rtol=0)
    torch.testing.assert_close(states[-1], last[0], atol=1e-6, rtol=0)


def test_agrees_with_pytorchs_lstm(device):
    layer, tokens = torch.nn.LSTM(C, H, batch_first=True), torch.randn(B, T, C, device=device)
    layer.to(device)
    bias = layer.bias_ih_l0 + layer.bias_hh_l0
    step = partial(lstm_step, w_x=layer.weight_ih_l0, w_h=layer.weight_hh_l0, bias=bias)
    start = torch.randn(2, B, H, device=device)
    expected, (h, memory) = layer(tokens, (start[:1], start[1:]))
    states = read_in_order(step, tokens, tuple(start))
    torch.testing.assert_close(torch.stack([s[0] for s in states], 1), expected, atol=1e-6, rtol=0)
    torch.testing.assert_close(states[-1][0], h[0], atol=1e-6, rtol=0)
    torch.testing.assert_close(states[-1][1], memory[0], atol=1e-6, rtol=0)


def test_the_last_state_is_all_that_is_left():
    """Go on from a state, without the text: the rest comes out the same."""
    tokens = torch.randn(B, T, C)
    options = {"w_x": torch.randn(4 * H, C), "w_h": torch.randn(4 * H, H), "bias": torch.zeros(1)}
    step, start = partial(lstm_step, **options), (torch.zeros(B, H), torch.zeros(B, H))
    whole = read_in_order(step, tokens, start)
    rest = read_in_order(step, tokens[:, 3:], whole[2])
    assert torch.equal(rest[-1][0], whole[-1][0])
    assert sum(part.numel() for part in rest[-1]) == 2 * B * H  # whatever T was


def test_page_says_the_rnn_halves_and_the_lstm_keeps():
    """With weights 1 and a half, as on the page: tanh(1), tanh(tanh(1) / 2), and so on."""
    shout = torch.zeros(1, 21, 1)
    shout[0, 0] = 1.0
    one, zero = torch.ones(1, 1), torch.zeros(1, 1)
    rnn = read_in_order(partial(rnn_step, w_x=one, w_h=one / 2, bias=zero[0]), shout, zero)
    left, by_hand = [h.item() for h in rnn], [0.7616, 0.3634, 0.1797]
    assert left[:3] == pytest.approx(by_hand, abs=1e-4)
    assert all(b <= a / 2 for a, b in zip(left, left[1:], strict=False))
    assert left[10] < 0.002
    gates = {"w_x": torch.tensor([[8.0], [0.0], [2.0], [0.0]]), "w_h": torch.zeros(4, 1)}
    step = partial(lstm_step, **gates, bias=torch.tensor([-4.0, 5.0, 0.0, 5.0]))
    lstm = [h.item() for h, _ in read_in_order(step, shout, (zero, zero))]
    assert lstm[20] > 0.9 * lstm[0]
    assert lstm[20] > 100 * left[10]
    assert torch.tensor(5.0).sigmoid().item() == pytest.approx(0.993, abs=5e-4)


def test_an_empty_text_is_refused():
    with pytest.raises(ValueError, match=r"T > 0, got \(2, 0, 3\)"):
        read_in_order(rnn_step, torch.zeros(B, 0, C), torch.zeros(B, H))
