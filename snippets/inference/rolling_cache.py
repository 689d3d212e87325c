"""The cache of a layer that reads a window: a ring in which the newest note replaces the oldest.

Source: Jiang et al. (2023), section 2, "rolling buffer cache", https://arxiv.org/abs/2310.06825
"""

import torch
from torch import Tensor

from snippets.inference.facts_windows import WINDOW_SHAPES, WindowShape
from snippets.inference.kv_cache import kv_bytes_per_token


class RollingCache:
    """Keys and values of the latest tokens of one layer, in room that never grows."""

    def __init__(self, batch: int, n_kv_heads: int, window: int, head_dim: int):
        """Set aside 2 x batch x n_kv_heads x window x head_dim numbers.

        Raises:
            ValueError: If the window is below 1.
        """
        if window < 1:
            raise ValueError(f"a window holds at least the token itself, got {window}")
        self.keys = torch.zeros(batch, n_kv_heads, window, head_dim)
        self.values = torch.zeros_like(self.keys)
        self.length = 0  # tokens seen so far, most of them forgotten

    def append(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Write one token's key and value over the oldest; return what is still known.

        Args:
            k: `(B, G, 1, D)`.
            v: `(B, G, 1, D)`.

        Returns:
            Both `(B, G, S, D)`, S at most the window, in the order of the ring. That is not the
            order of the text, but attention does not mind: places are written into the keys.

        Raises:
            ValueError: If more than one token comes at once.
        """
        if k.shape[2] != 1 or k.shape != v.shape:
            got = f"{tuple(k.shape)} and {tuple(v.shape)}"
            raise ValueError(f"wanted one token's key and value, (B, G, 1, D) both, got {got}")
        window = self.keys.shape[2]
        at = self.length % window
        self.keys[:, :, at], self.values[:, :, at] = k[:, :, 0], v[:, :, 0]
        self.length += 1
        known = min(self.length, window)
        return self.keys[:, :, :known], self.values[:, :, :known]


def window_cache_bytes(shape: WindowShape, tokens: int, bytes_per_value: float = 2) -> float:
    """Count the cache of one conversation: some layers keep everything, some a window.

    Raises:
        ValueError: If tokens is negative, or a size below 1.
    """
    if tokens < 0:
        raise ValueError(f"wanted 0 tokens or more, got {tokens}")
    each = kv_bytes_per_token(1, shape.n_kv_heads, shape.head_dim, bytes_per_value)
    in_window = shape.window_layers * min(tokens, shape.window)
    return each * (shape.full_layers * tokens + in_window)


def allocate_window_cache(shape: WindowShape, tokens: int, device: str = "meta") -> int:
    """Set the tensors aside, in bfloat16, layer by layer, and add up what PyTorch says."""
    rooms = [tokens] * shape.full_layers + [min(tokens, shape.window)] * shape.window_layers
    wanted = [(2, shape.n_kv_heads, room, shape.head_dim) for room in rooms]
    return sum(torch.empty(s, dtype=torch.bfloat16, device=device).nbytes for s in wanted)


if __name__ == "__main__":
    ring, kept = RollingCache(1, 1, window=3, head_dim=1), []
    for token in range(1, 6):
        note = torch.full((1, 1, 1, 1), float(token))
        kept.append(ring.append(note, note)[0].flatten().int().tolist())
        print(f"after token {token}: {kept[-1]}")
    rows = []
    for shape in WINDOW_SHAPES:
        layers = shape.full_layers + shape.window_layers
        for tokens in (8_192, 131_072):
            size = window_cache_bytes(shape, tokens)
            without = tokens * kv_bytes_per_token(layers, shape.n_kv_heads, shape.head_dim)
            rows.append({"model": shape.name, "tokens": tokens, "gb": size / 1e9,
                         "allocated": allocate_window_cache(shape, tokens) / 1e9,
                         "without": without / 1e9, "saved": without / size})  # fmt: skip
    for row in rows:
        print("{model:15} {tokens:7,} tokens: {gb:6.2f} GB, not {without:6.2f}".format(**row))
