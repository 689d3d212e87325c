"""Sequence to sequence with one summary z, drawn and weighed; and with attention's lines.

Sources: Sutskever, Vinyals and Le (2014), figure 1, https://arxiv.org/abs/1409.3215; Cho et al.
(2014), figure 1, https://arxiv.org/abs/1406.1078; Bahdanau, Cho and Bengio (2014), section 3.1,
https://arxiv.org/abs/1409.0473
"""

from functools import partial

import torch
from torch import Tensor

from snippets.model.recurrence import read_in_order, rnn_step


def kept_numbers(length: int, width: int) -> dict[str, int]:
    """Let an encoder read, and count the numbers that it hands to the decoder.

    Args:
        length: Tokens to read, T.
        width: Numbers in a token and in a summary.

    Returns:
        How many numbers are in z, in all summaries together (what attention may read), and in
        what training must keep until it has gone back through all steps.

    Raises:
        ValueError: If there is nothing to read.
    """
    w_x, w_h = torch.randn(2, width, width, requires_grad=True) / width**0.5  # (width, width)
    tokens, start = torch.randn(1, length, width), torch.zeros(1, width)
    saved: dict[int, Tensor] = {}

    def note(tensor: Tensor) -> Tensor:
        if tensor.shape[0] == 1:  # the two matrices are weights, kept anyway
            saved[tensor.data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        step = partial(rnn_step, w_x=w_x, w_h=w_h, bias=torch.zeros(width))
        summaries = read_in_order(step, tokens, start)
    return {
        "z": summaries[-1].numel(),
        "all summaries": torch.cat(summaries).numel(),
        "kept for training": sum(tensor.numel() for tensor in saved.values()),
    }


def draw_chain(
    ax, words: list[str], first: tuple[float, float], reads: bool
) -> list[tuple[float, float]]:
    """Draw a cell for each word, in a row, each handing its summary to the next.

    Returns:
        Where the cells stand.
    """
    spots = [(first[0] + 1.25 * place, first[1]) for place in range(len(words))]
    for (x, y), word in zip(spots, words, strict=True):
        box = {"boxstyle": "round", "facecolor": "none", "edgecolor": "C0" if reads else "C1"}
        ax.text(x, y, "RNN", ha="center", va="center", bbox=box)
        ax.text(x, y + (-1.1 if reads else 1.1), word, ha="center", va="center")
        _arrow(ax, *(((x, y - 0.9), (x, y - 0.3)) if reads else ((x, y + 0.3), (x, y + 0.9))))
    for (x, y), (right, _) in zip(spots, spots[1:], strict=False):
        _arrow(ax, (x + 0.38, y), (right - 0.38, y))
    return spots


def draw_translator(ax, source: list[str], target: list[str], direct_lines: bool) -> None:
    """Draw encoder, z and decoder; with `direct_lines`, each cell that writes sees each that read.

    Raises:
        ValueError: If there is nothing to read or nothing to write.
    """
    if not source or not target:
        raise ValueError(f"need words on both sides, got {source} and {target}")
    height = 2.6 if direct_lines else 0.0
    readers = draw_chain(ax, source, (0.0, 0.0), reads=True)
    middle = readers[-1][0] + 1.25
    first = (middle, height) if direct_lines else (middle + 1.1, 0.0)
    writers = draw_chain(ax, target, first, reads=False)
    beside = ((middle + 0.2, 0), (first[0] - 0.38, 0))
    if direct_lines:
        for writer, reader in [(w, r) for w in writers for r in readers]:
            ax.plot((reader[0], writer[0]), (0.3, height - 0.3), color="C2", linewidth=1)
    ax.text(middle, 0, "z", ha="center", va="center", style="italic", fontsize=16)
    _arrow(ax, (readers[-1][0] + 0.38, 0), (middle - 0.2, 0))
    _arrow(ax, *(((middle, 0.3), (middle, height - 0.3)) if direct_lines else beside))
    ax.set(xlim=(-0.7, middle + 4.3), ylim=(-1.4, height + 1.4))
    ax.set_axis_off()


def _arrow(ax, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->"})


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    torch.manual_seed(0)
    rows = [{"tokens": n} | kept_numbers(n, width=256) for n in (5, 50, 500)]
    for row in rows:
        print(", ".join(f"{count:,} {name}" for name, count in row.items()))

    lists, layers, cells = 2, 4, 1000  # an LSTM hands over two lists a layer
    z_of_2014 = lists * layers * cells

    figure, axes = plt.subplots(2, 1, figsize=(6.4, 4.6), height_ratios=(2.8, 5.4))
    for ax, direct_lines in zip(axes, (False, True), strict=True):
        draw_translator(ax, ["the", "cat", "sleeps"], ["le", "chat", "dort"], direct_lines)
    axes[0].set_title("2014: everything goes through z")
    axes[1].set_title("With attention: a line from each cell to each")
    plt.show()
