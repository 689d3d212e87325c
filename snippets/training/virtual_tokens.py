"""Tokens that nobody ever typed: vectors in front of a text, learned by a frozen model.

Sources: Lester et al. (2021), section 2, https://arxiv.org/abs/2104.08691 (prompt tuning: at the
input); Li and Liang (2021), section 4, https://arxiv.org/abs/2101.00190 (prefix tuning: everywhere)
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, pad

from snippets.model.transformer import Transformer


class PromptTuning(nn.Module):
    """A frozen model behind learned vectors at its input, P of them, of width C."""

    def __init__(self, model: Transformer, first: Tensor):
        """Start from real tokens: vectors that the model knows are a better start than noise.

        Args:
            model: Frozen here.
            first: `(P,)`, int64, ids whose vectors the learned ones start from.
        """
        super().__init__()
        _check_start(first)
        self.model = model.requires_grad_(False)
        self.vectors = nn.Parameter(embedding(first, model.embed).float())  # (P, C)

    def read(self, ids: Tensor) -> Tensor:
        """Read ids `(B, T)` behind the learned vectors: `(B, T, C)`."""
        count = len(self.vectors)

        def exchange(block: nn.Module, given: tuple) -> tuple:
            learned = self.vectors.to(given[0].dtype).expand(len(ids), -1, -1)  # (B, P, C)
            return torch.cat([learned, given[0][:, count:]], 1), *given[1:]

        hook = self.model.blocks[0].register_forward_pre_hook(exchange)
        try:  # P fillers in front, whose vectors are exchanged before the first block sees them
            return self.model.read(pad(ids, (count, 0)))[:, count:]
        finally:
            hook.remove()

    def predict(self, x: Tensor) -> Tensor:
        """Turn vectors `(..., C)` into logits `(..., V)`, as the frozen model does."""
        return self.model.predict(x)


class PrefixTuning(nn.Module):
    """A frozen model that finds keys and values in every layer, as if it had read P tokens."""

    def __init__(self, model: Transformer, first: Tensor):
        """Start from what the model would keep of real tokens; arguments as in `PromptTuning`."""
        super().__init__()
        _check_start(first)
        self.model = model.requires_grad_(False)
        cache = model.new_cache(1, len(first))
        with torch.no_grad():
            model.read(first[None], cache)
        self.kept = nn.Parameter(cache.store.float())  # (layers, 2, 1, G, P, D)

    def read(self, ids: Tensor) -> Tensor:
        """Read ids `(B, T)` behind the learned keys and values: `(B, T, C)`."""
        return self.model.read(ids, _LearnedCache(self.kept, self.model.config.context))

    def predict(self, x: Tensor) -> Tensor:
        """Turn vectors `(..., C)` into logits `(..., V)`, as the frozen model does."""
        return self.model.predict(x)


class _LearnedCache:
    """What a `Transformer` takes for a cache: P tokens that were never read."""

    def __init__(self, kept: Tensor, room: int):
        self.kept, self.room, self.length = kept, room, kept.shape[-2]

    def append(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Put the learned ones before the keys and values `(B, G, T, D)` of one layer."""
        before = self.kept[layer].to(k.dtype).expand(-1, len(k), -1, -1, -1)  # (2, B, G, P, D)
        return torch.cat([before[0], k], 2), torch.cat([before[1], v], 2)


def _check_start(first: Tensor) -> None:
    if first.ndim != 1 or len(first) == 0:
        raise ValueError(f"wanted ids (P,) with P >= 1 to start from, got {tuple(first.shape)}")
