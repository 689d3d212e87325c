"""Listen at every head of a real model: its attention weights, without changing the model.

Sources: Vaswani et al. (2017), section 3.2, https://arxiv.org/abs/1706.03762 (the weights);
Xiao et al. (2023), section 3.1, https://arxiv.org/abs/2309.17453 (attention sinks)
"""

import torch
from torch import Tensor

from snippets.model.attention import attention
from snippets.model.rope import apply_rope
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.texts import read_play


@torch.no_grad()
def attention_weights(model: Transformer, ids: Tensor) -> Tensor:
    """Run a model and note who reads whom, in every head of every layer.

    The fused kernel never writes the weights down. So a hook takes what each attention part is
    given and redoes the reading with values that are unit vectors: what comes out is the weights.

    Args:
        model: A `Transformer` of L layers with H heads; it is left as it was.
        ids: `(1, T)`, int64.

    Returns:
        `(L, H, T, T)`: row t says how much token t reads of each token. Takes L·H·T² numbers.

    Raises:
        ValueError: If ids holds more than one text.
    """
    if ids.ndim != 2 or len(ids) != 1:
        raise ValueError(f"wanted one text, ids (1, T), got {tuple(ids.shape)}")
    kept = []

    def listen(part, given):
        x, cos, sin, mask = given[:4]
        q = part.query(x).unflatten(-1, (-1, part.head_dim)).transpose(1, 2)  # (1, H, T, D)
        k = part.key(x).unflatten(-1, (-1, part.head_dim)).transpose(1, 2)  # (1, G, T, D)
        k = k.repeat_interleave(q.shape[1] // k.shape[1], dim=1)  # (1, H, T, D)
        units = torch.eye(x.shape[1], dtype=x.dtype, device=x.device).expand(*q.shape[:2], -1, -1)
        kept.append(attention(apply_rope(q, cos, sin), apply_rope(k, cos, sin), units, mask)[0])

    hooks = [block.attention.register_forward_pre_hook(listen) for block in model.blocks]
    try:
        model.read(ids)
    finally:
        for hook in hooks:
            hook.remove()
    return torch.stack(kept)


def hamlet_tokens(tokenizer, count: int) -> list[int]:
    """Take a stretch of Hamlet that begins with an everyday word: Laertes says goodbye."""
    text = read_play("hamlet")
    start = text.index("And, sister, as the winds give benefit")
    return tokenizer.encode(text[start : start + 10 * count])[:count]


if __name__ == "__main__":
    model, tokenizer = load()
    ids = hamlet_tokens(tokenizer, 256)
    weights = attention_weights(model, torch.tensor([ids]))
    layers, heads, tokens, _ = weights.shape
    all_heads = layers * heads
    rows = weights.sum(-1)
    future = float(weights.triu(1).max())
    print(f"{layers} layers of {heads} heads: {all_heads} tables of {tokens} x {tokens} weights")
    print(f"rows add up to {rows.min():.3f} at least and {rows.max():.3f} at most")
    print(f"the largest weight on the future: {future:g}")

    first_token = tokenizer.decode(ids[:1])
    even = round(float((1 / torch.arange(1, tokens + 1)).mean()), 3)
    to_first = round(float(weights[..., 0].mean()), 3)
    print(f"share of all weight that goes to the first token, {first_token!r}: {to_first:.1%}")
    print(f"if everybody read everything evenly, it would get {even:.1%}")
