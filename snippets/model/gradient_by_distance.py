"""How much the last state still answers to a token read d steps ago.

Sources: Bengio, Simard and Frasconi (1994), https://doi.org/10.1109/72.279181; Pascanu, Mikolov
and Bengio (2012), section 2, https://arxiv.org/abs/1211.5063 (vanishing and exploding gradients)
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from snippets.model.attention import causal_attention
from snippets.model.recurrence import lstm_step, read_in_order, rnn_step
from snippets.tools.plot import name_line

READER_WIDTH, TOKENS_READ = 16, 61


def influence_by_distance(read: Callable[[Tensor], Tensor], tokens: Tensor) -> Tensor:
    """Nudge each token a little and see how far the last state moves.

    Args:
        read: Turns tokens `(T, C)` into the last state `(H,)`.
        tokens: `(T, C)`, floating point.

    Returns:
        `(T,)`; entry d is the Frobenius norm of d(last state)/d(token read d steps ago).

    Raises:
        ValueError: If tokens are not a matrix.
    """
    if tokens.ndim != 2:
        raise ValueError(f"need tokens (T, C), got {tuple(tokens.shape)}")
    nudges = torch.autograd.functional.jacobian(read, tokens, vectorize=True)  # (H, T, C)
    sizes = nudges.square().sum((0, 2)).sqrt()  # (T,)
    return sizes.flip(0)


def rnn_reader(scale: float, chance: torch.Generator, bend: bool = True) -> Callable:
    """Build an RNN that turns its summary and multiplies its length by `scale` at every step."""
    c = READER_WIDTH
    options = {"generator": chance, "dtype": torch.float64}
    w_h = scale * torch.linalg.qr(torch.randn(c, c, **options))[0]  # (c, c)
    w_x = torch.randn(c, c, **options) / c**0.5  # (c, c)
    zero = w_x.new_zeros(1, c)

    def step(x: Tensor, h: Tensor) -> Tensor:
        return rnn_step(x, h, w_x, w_h, zero[0]) if bend else x @ w_x.T + h @ w_h.T

    return lambda tokens: read_in_order(step, tokens[None], zero)[-1][0]


def lstm_reader(stay: float, enter: float, chance: torch.Generator) -> Callable:
    """Build an LSTM with PyTorch's usual random weights, and two gates that lean as told."""
    c = READER_WIDTH
    options = {"generator": chance, "dtype": torch.float64}
    w_x, w_h = ((torch.rand(4 * c, c, **options) * 2 - 1) / c**0.5 for _ in range(2))
    bias = w_x.new_zeros(4 * c)
    bias[:c], bias[c : 2 * c] = enter, stay
    start = (w_x.new_zeros(1, c), w_x.new_zeros(1, c))
    step = partial(lstm_step, w_x=w_x, w_h=w_h, bias=bias)
    return lambda tokens: read_in_order(step, tokens[None], start)[-1][0][0]


def attention_reader(chance: torch.Generator) -> Callable:
    """Build one layer of attention; its last state is what the last token reads."""
    c = READER_WIDTH
    shape, options = (3, c, c), {"generator": chance, "dtype": torch.float64}
    to_qkv = torch.randn(shape, **options) / c**0.5  # (3, c, c)

    def read(tokens: Tensor) -> Tensor:
        q, k, v = (tokens @ to_qkv.mT)[:, None, None]  # (1, 1, T, c) each
        return causal_attention(q[..., -1:, :], k, v)[0, 0, 0]

    return read


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    readers = {
        "1.2, no bend": lambda chance: rnn_reader(1.2, chance, bend=False),
        "RNN, 1.2": lambda chance: rnn_reader(1.2, chance),
        "RNN, 1.0": lambda chance: rnn_reader(1.0, chance),
        "RNN, 0.8": lambda chance: rnn_reader(0.8, chance),
        "LSTM": lambda chance: lstm_reader(1.0, 0.0, chance),
        "LSTM, holds on": lambda chance: lstm_reader(8.0, -6.0, chance),
        "attention": attention_reader,
    }
    rows, curves = [], {}
    for name, make in readers.items():
        draws = []
        for seed in range(9):
            chance = torch.Generator().manual_seed(seed)
            options = {"generator": chance, "dtype": torch.float64}
            tokens = 0.3 * torch.randn(TOKENS_READ, READER_WIDTH, **options)
            draws.append(influence_by_distance(make(chance), tokens))
        sizes = torch.stack(draws)  # (9, T)
        curves[name] = curve = (sizes / sizes[:, :1]).median(0).values  # (T,)
        share = (sizes[:, :10].sum(1) / sizes.sum(1)).median().item()
        left = {f"d{d}": float(f"{curve[d].item():.2g}") for d in (1, 10, 60)}
        rows.append({"reader": name, **left, "last_ten": round(share, 2)})
        says = ", ".join(f"{left[f'd{d}']:g} after {d}" for d in (1, 10, 60))
        print(f"{name:>14}: {says}; the last ten tokens have {share:.0%}")
    even = round(10 / TOKENS_READ, 2)
    usual, locked = (torch.tensor(bias).sigmoid().item() for bias in (1.0, 8.0))
    usual, locked = round(usual, 2), round(locked, 4)

    figure, ax = plt.subplots(figsize=(6.4, 3.8))
    del curves["RNN, 1.0"]  # ends where the LSTM ends
    beside = {"LSTM, holds on": 4.0, "attention": 0.7, "RNN, 1.2": 0.3}  # keep names apart
    for name, curve in curves.items():
        ax.plot(curve)
        name_line(ax, name, TOKENS_READ - 1, curve[-1].item() * beside.get(name, 1))
    ax.set(yscale="log", xlim=(0, 80), xticks=range(0, 61, 20), ylim=(1e-10, 1e6))
    ax.set(title="How much the end still answers to a token", xlabel="tokens read since")
    ax.set(ylabel="influence, newest token = 1")
    plt.show()
