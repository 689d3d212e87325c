"""How much a text surprises a language model.

Source: Jelinek, Mercer, Bahl and Baker (1977), https://doi.org/10.1121/1.2016299 (perplexity)
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

AT_ONCE = 16_384  # tokens read in one pass, so that memory does not grow with the text


@torch.no_grad()
def surprises(
    model: Callable[[Tensor], Tensor], ids: Tensor, window: int = 1024, shift: int | None = None
) -> Tensor:
    """Measure -ln p of every token but the first.

    Long texts are read in windows that overlap, and each window tells about its last tokens only.

    Args:
        model: Turns ids `(B, T)` into logits `(B, T, V)`.
        ids: `(N,)`, int64, N >= 2.
        window: How many tokens the model reads before it must say the next, at most.
        shift: How far windows lie apart; half a window if not said. From the second window on,
            each token is judged with at least window - shift tokens before it.

    Returns:
        `(N - 1,)`, float32, nats.

    Raises:
        ValueError: If there are fewer than two tokens, or window and shift do not fit.
    """
    shift = max(window // 2, 1) if shift is None else shift
    if ids.ndim != 1 or len(ids) < 2 or not 1 <= shift <= window:
        wanted = "wanted ids (N,) with N >= 2 and 1 <= shift <= window"
        raise ValueError(f"{wanted}, got ids {tuple(ids.shape)}, {shift=}, {window=}")
    told = [_surprise(model, ids[None, : window + 1])[0]]  # each (tokens told)
    starts = torch.arange(shift, max(len(ids) - window - 1 + shift, shift), shift)
    starts = starts[starts + window < len(ids)]
    for some in starts.split(max(AT_ONCE // window, 1)) if len(starts) else ():
        rows = torch.stack([ids[s : s + window + 1] for s in some.tolist()])  # (B, W + 1)
        told.append(_surprise(model, rows)[:, -shift:].flatten())
    rest = len(ids) - 1 - sum(map(len, told))
    if rest:
        told.append(_surprise(model, ids[None, -window - 1 :])[0, -rest:])
    return torch.cat(told)


def perplexity(model: Callable[[Tensor], Tensor], ids: Tensor, window: int = 1024) -> float:
    """Say among how many equally likely tokens the model seems to hesitate; as `surprises`."""
    return math.exp(float(surprises(model, ids, window).double().mean()))


def _surprise(model: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
    logits = model(rows[:, :-1]).float()  # (B, W, V)
    return cross_entropy(logits.mT, rows[:, 1:], reduction="none")


if __name__ == "__main__":
    ids = torch.tensor([3, 1, 4, 1, 5, 9, 2, 6])

    def knows_nothing(ids: Tensor) -> Tensor:
        """Give ten tokens the same score."""
        return torch.zeros(*ids.shape, 10)

    told = [round(x, 3) for x in surprises(knows_nothing, ids, window=4).tolist()]
    print(
        f"{len(told)} surprises of {told[0]} nats: perplexity",
        round(perplexity(knows_nothing, ids), 3),
    )
