"""One block, step by step, with the size of everything that flows through it.

Source: Touvron et al. (2023), section 2.2, https://arxiv.org/abs/2302.13971
"""

import torch
from torch import Tensor

from snippets.model.attention import causal_attention
from snippets.model.rope import apply_rope, rope_angles
from snippets.model.smollm2 import load
from snippets.model.transformer import DecoderBlock, TransformerConfig


@torch.no_grad()
def walk_block(block: DecoderBlock, x: Tensor, c: TransformerConfig) -> dict[str, Tensor]:
    """Redo by hand what a block does, and keep every step.

    Args:
        block: One block of a `Transformer`.
        x: `(B, T, C)`, the stream before the block.
        c: The sizes of the model.

    Returns:
        The steps in order, each with what came out; the last is the stream after the block.
    """
    part, group = block.attention, c.n_heads // c.n_kv_heads
    cos, sin = rope_angles(torch.arange(x.shape[1], device=x.device), c.head_dim, c.rope_theta)
    steps = {"the stream comes in": x, "norm": block.norm_1(x)}
    for name, matrix in (("queries", part.query), ("keys", part.key), ("values", part.value)):
        steps[name] = matrix(steps["norm"]).unflatten(-1, (-1, c.head_dim)).transpose(1, 2)
    turned = {name: apply_rope(steps[name], cos, sin) for name in ("queries", "keys")}
    steps["queries, turned"], steps["keys, turned"] = turned["queries"], turned["keys"]
    k, v = (y.repeat_interleave(group, 1) for y in (turned["keys"], steps["values"]))
    steps["each head's reading"] = causal_attention(turned["queries"], k, v)  # (B, H, T, D)
    steps["heads side by side"] = steps["each head's reading"].transpose(1, 2).flatten(2)
    steps["attention's line"] = part.out(steps["heads side by side"])
    steps["added to the stream"] = x + steps["attention's line"]
    steps["second norm"] = block.norm_2(steps["added to the stream"])
    steps["inner numbers, gated"] = torch.nn.functional.silu(
        block.ffn.gate(steps["second norm"])
    ) * block.ffn.up(steps["second norm"])
    steps["feed-forward's line"] = block.ffn.down(steps["inner numbers, gated"])
    steps["the stream goes on"] = steps["added to the stream"] + steps["feed-forward's line"]
    return steps


if __name__ == "__main__":
    model, tokenizer = load()
    ids = torch.tensor([tokenizer.encode("The dog bit the man")])
    steps = walk_block(model.blocks[0], model.embed[ids], model.config)
    shapes = [{"step": name, "shape": list(y.shape)} for name, y in steps.items()]
    print(f"{ids.shape[1]} tokens, first block")
    for row in shapes:
        print(f"{row['step']:>20}: {' x '.join(map(str, row['shape']))}")
