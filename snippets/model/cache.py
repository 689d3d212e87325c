"""What a transformer keeps of the tokens it has read, and whom a token may read.

Source: Shazeer (2019), section 2.4, https://arxiv.org/abs/1911.02150 (incremental attention)
"""

import torch
from torch import Tensor


class KVCache:
    """Room for the keys and values of all layers, set aside once and filled from the left."""

    def __init__(self, shape: tuple[int, int, int, int, int], like: Tensor):
        """Set the room aside.

        Args:
            shape: Layers, texts, key-value heads, tokens that fit, width of a head.
            like: A tensor of the dtype and on the device that the cache should have.
        """
        layers, *each = shape
        self.store, self.room, self.length = like.new_zeros(layers, 2, *each), shape[3], 0

    @property
    def nbytes(self) -> int:
        """Bytes set aside, used or not."""
        return self.store.nbytes

    def append(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Write one layer's new keys and values behind the old ones; return all so far.

        `length` is moved on by the model, once all layers have written.

        Raises:
            ValueError: If the room is used up.
        """
        end = self.length + k.shape[2]
        if end > self.room:
            raise ValueError(f"the cache has room for {self.room} tokens, this would be {end}")
        self.store[layer, 0, :, :, self.length : end] = k
        self.store[layer, 1, :, :, self.length : end] = v
        return self.store[layer, 0, :, :, :end], self.store[layer, 1, :, :, :end]


def reading_mask(
    new: int,
    total: int,
    causal: bool = True,
    readable: Tensor | None = None,
    device: torch.device | None = None,
) -> Tensor | None:
    """Say for each of the newest tokens which of all tokens it may read.

    Args:
        new: How many tokens are new, T.
        total: How many there are with the ones before, S.
        causal: Whether the future is hidden.
        readable: `(B, S)`, bool, False at padding; None if nothing is padded.
        device: Where the mask should live.

    Returns:
        Bool, `(T, S)` or `(B, 1, T, S)`, True where reading is allowed; None if it always is. A
        padding token reads itself, since nobody can average nothing.
    """
    if readable is None and (new == 1 or not causal):
        return None
    mask = torch.ones(new, total, dtype=torch.bool, device=device)  # (T, S)
    mask = mask.tril(total - new) if causal else mask  # (T, S)
    if readable is None:
        return mask
    itself = torch.eye(total, dtype=torch.bool, device=device)[-new:]  # (T, S)
    return mask & readable[:, None, None, :] | itself


if __name__ == "__main__":
    mask = reading_mask(new=2, total=5)
    rows = ["".join("x" if may else "." for may in row) for row in mask.tolist()]
    for number, row in enumerate(rows, 4):
        print(f"token {number} reads {row}")
    cache = KVCache((1, 1, 1, 5, 2), like=torch.zeros(()))
    first_keys = torch.ones(1, 1, 3, 2)
    cache.append(0, first_keys, first_keys)
    cache.length = 3
    keys, _ = cache.append(0, 2 * first_keys[:, :, :2], 2 * first_keys[:, :, :2])
    kept, cache_bytes = keys[0, 0, :, 0].tolist(), cache.nbytes
    print(f"keys so far: {kept}; {cache_bytes} bytes set aside")
