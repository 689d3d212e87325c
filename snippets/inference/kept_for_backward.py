"""What the way back needs of the way forward: kept tensors counted, and what recomputing saves.

Sources: Chen et al. (2016), https://arxiv.org/abs/1604.06174 (recompute what is cheap);
Korthikanti et al. (2022), section 4, https://arxiv.org/abs/2205.05198 (what a layer keeps)
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from snippets.basics.learning import wrongness
from snippets.model.facts_transformers import LLAMA_3_8B_SIZES
from snippets.model.tiny import TINY_SIZES
from snippets.model.transformer import DecoderBlock, Transformer, TransformerConfig
from snippets.training.training_and_inference import noting_kept


class Recomputed(nn.Module):
    """A block that keeps what came in, forgets the rest, and works it out again on the way back."""

    def __init__(self, block: nn.Module):
        super().__init__()
        self.block = block

    def forward(self, x: Tensor, *others) -> Tensor:
        """Give what the block gives."""
        return checkpoint(self.block, x, *others, use_reentrant=False, preserve_rng_state=False)


def recompute_blocks(model: Transformer) -> Transformer:
    """Wrap the blocks of a model, in place; it computes the same and keeps less."""
    model.blocks = nn.ModuleList(Recomputed(block) for block in model.blocks)
    return model


def kept_bytes(model: nn.Module, forward: Callable[[], Tensor]) -> int:
    """Count the bytes that a way forward keeps for the way back, weights not counted.

    Args:
        model: Whose weights are at home already.
        forward: Computes something from the model and returns it.
    """
    with noting_kept(model) as kept:
        result = forward()
    assert result.requires_grad  # and while it lives, nothing of what was kept is freed
    return sum(kept.values())


def kept_per_token(c: TransformerConfig, tokens: int = 16) -> float:
    """Measure the bytes that one layer keeps for a token, in 16 bits, scores not kept.

    The weights are memory that nobody has written to: sizes do not depend on values.

    Raises:
        ValueError: If tokens is below 1.
    """
    if tokens < 1:
        raise ValueError(f"wanted at least 1 token, got {tokens}")
    with torch.device("meta"):
        block = DecoderBlock(c, 0)
    block = block.to(torch.bfloat16).to_empty(device="cpu")
    x = torch.zeros(1, tokens, c.d_model, dtype=torch.bfloat16, requires_grad=True)
    turn = torch.ones(tokens, c.head_dim // 2, dtype=torch.bfloat16)
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        kept = kept_bytes(block, lambda: block(x, turn, turn))
    return kept / tokens


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    contexts = (128, 256, 512, 1_024)
    fused = SDPBackend.FLASH_ATTENTION
    ways = {
        "scores kept": (SDPBackend.MATH, False),
        "scores never written": (fused, False),
        "recomputed": (fused, True),
    }
    kept, work = {way: [] for way in ways}, {}
    for way, (kernel, again) in ways.items():
        torch.manual_seed(0)
        model = Transformer(TransformerConfig(84, **(TINY_SIZES | {"context": 1_024})))
        model = recompute_blocks(model) if again else model
        with sdpa_kernel(kernel):
            for n in contexts:
                ids = torch.randint(84, (1, n + 1))
                kept[way].append(kept_bytes(model, lambda m=model, i=ids: wrongness(m, i)) / 1e6)
            counter = FlopCounterMode(display=False)
            with counter:
                wrongness(model, torch.randint(84, (1, 65))).backward()
        work[way] = counter.get_total_flops()
        told = ", ".join(f"{n:,}: {mb:.1f}" for n, mb in zip(contexts, kept[way], strict=True))
        print(f"{way:20} MB kept by tokens: {told}")
    saved = kept["scores never written"][-1] / kept["recomputed"][-1]
    extra = work["recomputed"] / work["scores never written"]
    print(f"recomputing keeps {saved:.0f} times less for {extra:.2f} times the operations")

    c, text = LLAMA_3_8B_SIZES.config, 8_192
    layer = kept_per_token(c)
    llama = {"all": layer * text * c.n_layers / 1e9,
             "recomputed": (2 * c.d_model * c.n_layers + layer) * text / 1e9,
             "scores": 2 * c.n_heads * text**2 * c.n_layers / 1e9,
             "logits": 4 * c.vocab_size * text / 1e9}  # fmt: skip
    per_width = layer / c.d_model
    told = ", ".join(f"{way} {gb:.0f}" for way, gb in llama.items())
    print(f"Llama 3 8B, a text of {text:,} tokens, GB: {told}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    for way, sizes in kept.items():
        ax.plot(contexts, sizes, "o-", label=way)
    ax.legend()
    ax.set(title="Kept for the way back, Tiny's shape", xlabel="tokens in the text", ylim=0)
    ax.set_xticks(contexts, [f"{n:,}" for n in contexts])
    ax.set_ylabel("MB")
    plt.show()
