"""Recurrent networks by hand: one summary, rewritten with every token.

Sources: Elman (1990), https://doi.org/10.1207/s15516709cog1402_1 (a state that is fed back);
Hochreiter and Schmidhuber (1997), https://doi.org/10.1162/neco.1997.9.8.1735 (LSTM); Gers,
Schmidhuber and Cummins (2000), https://doi.org/10.1162/089976600300015015 (the forget gate)
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from snippets.tools.plot import name_line


def rnn_step(x: Tensor, h: Tensor, w_x: Tensor, w_h: Tensor, bias: Tensor) -> Tensor:
    """Fold one token into the summary: old summary and new token, mixed and bent.

    Args:
        x: `(B, C)`, the token of this step in each of B texts.
        h: `(B, H)`, the summary so far.
        w_x: `(H, C)`, how to read the token.
        w_h: `(H, H)`, how to read the old summary.
        bias: `(H,)`.

    Returns:
        `(B, H)`, the new summary. It replaces the old one.
    """
    return torch.tanh(x @ w_x.T + h @ w_h.T + bias)


def lstm_step(
    x: Tensor, state: tuple[Tensor, Tensor], w_x: Tensor, w_h: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor]:
    """Keep a second, protected list of numbers, and let gates say what enters, stays, shows.

    Args:
        x: `(B, C)`, the token of this step.
        state: Summary and protected memory, `(B, H)` each.
        w_x: `(4H, C)`; four blocks of rows: enter, stay, news, show (PyTorch's order).
        w_h: `(4H, H)`, in the same order.
        bias: `(4H,)`, in the same order. A large one in the second block means: hold on.

    Returns:
        The new summary and memory, `(B, H)` each.
    """
    h, memory = state
    enter, stay, news, show = (x @ w_x.T + h @ w_h.T + bias).chunk(4, dim=-1)  # (B, H) each
    memory = stay.sigmoid() * memory + enter.sigmoid() * news.tanh()  # (B, H)
    return show.sigmoid() * memory.tanh(), memory


def read_in_order(step: Callable, tokens: Tensor, state: Any) -> list:
    """Take the tokens one after the other; there is no other way.

    Args:
        step: Called with `(B, C)` and the state, gives the new state.
        tokens: `(B, T, C)`.
        state: What to start from: `(B, H)`, or a pair of them.

    Returns:
        Every state on the way, a list of length T. The last is all that is left of the text.

    Raises:
        ValueError: If there is nothing to read.
    """
    if tokens.shape[1] == 0:
        raise ValueError(f"need (B, T, C) with T > 0, got {tuple(tokens.shape)}")
    states = []
    for x in tokens.unbind(1):
        state = step(x, state)
        states.append(state)
    return states


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    shout = torch.zeros(1, 21, 1)
    shout[0, 0] = 1.0  # one loud word, then twenty silent ones
    summaries = read_in_order(
        lambda x, h: rnn_step(
            x, h, w_x=torch.ones(1, 1), w_h=torch.ones(1, 1) / 2, bias=torch.zeros(1)
        ),
        shout,
        torch.zeros(1, 1),
    )
    gates = {  # enter only if the word is loud, stay nearly always, take it as it is, show all
        "w_x": torch.tensor([[8.0], [0.0], [2.0], [0.0]]),
        "w_h": torch.zeros(4, 1),
        "bias": torch.tensor([-4.0, 5.0, 0.0, 5.0]),
    }
    states = read_in_order(
        lambda x, s: lstm_step(x, s, **gates), shout, (torch.zeros(1, 1), torch.zeros(1, 1))
    )
    rnn = [round(h.item(), 3) for h in summaries]
    lstm = [round(h.item(), 3) for h, _ in states]
    for after in (0, 1, 2, 5, 10, 20):
        print(f"{after:>2} words after the shout: RNN {rnn[after]:.3f}, LSTM {lstm[after]:.3f}")
    stays = torch.tensor(5.0).sigmoid().item()
    half_life = next(n for n in range(1, 1000) if stays**n < 0.5)
    stays = round(stays, 3)
    print(f"the memory keeps {stays} a word and has lost half of itself after {half_life} words")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for name, line in (("RNN", rnn), ("LSTM", lstm)):
        ax.plot(line, marker="o", markersize=4)
        name_line(ax, name, 20, line[-1])
    ax.set(title="What is left of one loud word", xlabel="words since then", ylabel="summary")
    ax.set(ylim=(-0.05, 1.0), xlim=(-0.5, 23), xticks=range(0, 21, 5))
    plt.show()
