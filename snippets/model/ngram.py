"""Predict the next character by counting: which ones followed the same few characters before?

Sources: Shannon (1951), section 2, https://doi.org/10.1002/j.1538-7305.1951.tb01366.x; Witten and
Bell (1991), method C, https://doi.org/10.1109/18.87000; interpolated as in Chen and Goodman (1999),
section 2.5, https://doi.org/10.1006/csla.1999.0128
"""

import numpy as np
import torch
from torch import Tensor

from snippets.model.characters import play_ids


class NGramCounts:
    """How often each piece of n tokens occurs in a text, and in what it begins."""

    def __init__(self, ids: np.ndarray, order: int, vocab_size: int):
        """Count all pieces of `order` tokens in ids `(N,)`."""
        self.vocab_size = vocab_size
        self.pieces, self.counts = np.unique(_codes(ids, order, vocab_size), return_counts=True)
        starts, first = np.unique(self.pieces // vocab_size, return_index=True)
        self.starts, self.kinds = starts, np.diff(first, append=len(self.pieces))
        self.totals = np.add.reduceat(self.counts, first)

    def mix(self, codes: np.ndarray, shorter: np.ndarray) -> np.ndarray:
        """Improve the probabilities `(M,)` of a shorter memory for pieces with these codes.

        Whoever was followed by many kinds of tokens trusts the shorter memory more:
        p = (count + kinds * shorter) / (total + kinds).
        """
        count = _look_up(codes, self.pieces, self.counts)
        total = _look_up(codes // self.vocab_size, self.starts, self.totals)
        kinds = _look_up(codes // self.vocab_size, self.starts, self.kinds)
        return np.where(total, (count + kinds * shorter) / np.maximum(total + kinds, 1), shorter)


def ngram_surprises(train: Tensor, text: Tensor, vocab_size: int, orders: int) -> list[Tensor]:
    """Measure how much a text surprises models that remember 0 to orders - 1 tokens.

    Args:
        train: `(N,)`, int64, what is counted.
        text: `(M,)`, int64, what is judged.
        vocab_size: V; V ** orders must fit into 63 bits.
        orders: The longest piece that is counted.

    Returns:
        For each order from 1 on: `(M - orders + 1,)`, float64, nats, of the same tokens.

    Raises:
        ValueError: If pieces are too long to be numbered, or longer than a text.
    """
    if orders < 1 or vocab_size**orders >= 2**63 or min(len(train), len(text)) < orders:
        wanted = "wanted 1 or more orders, V ** orders below 2 ** 63 and no text shorter than that"
        raise ValueError(f"{wanted}; got {orders=}, {vocab_size=}, {len(train)}, {len(text)}")
    known, judged, told = train.numpy(), text.numpy(), []
    shares = np.full(len(judged) - orders + 1, 1 / vocab_size)  # (M - orders + 1)
    for order in range(1, orders + 1):
        codes = _codes(judged[orders - order :], order, vocab_size)
        shares = NGramCounts(known, order, vocab_size).mix(codes, shares)
        told.append(torch.from_numpy(-np.log(shares)))
    return told


def _codes(ids: np.ndarray, order: int, vocab_size: int) -> np.ndarray:
    """Number all pieces of some length, as if tokens were digits: `(N - order + 1,)`."""
    codes = np.zeros(len(ids) - order + 1, np.int64)
    for place in range(order):
        codes = codes * vocab_size + ids[place : len(codes) + place]
    return codes


def _look_up(wanted: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[places] == wanted, values[places], 0)


if __name__ == "__main__":
    characters, train_ids, held_out_ids = play_ids()
    told = ngram_surprises(train_ids, held_out_ids, len(characters), orders=7)
    rows = []
    for order, surprise in enumerate(told, 1):
        nats = round(float(surprise.mean()), 3)
        rows.append({"order": order, "nats": nats, "perplexity": round(2.718281828**nats, 1)})
        print(f"{order}-gram: {nats:.3f} nats per character")
    best = min(rows, key=lambda row: row["nats"])
    print(f"best: {best['order']}-gram")
