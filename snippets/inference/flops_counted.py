"""6 N D against PyTorch's counter: real shapes without memory, and every matrix product seen.

Sources: Kaplan et al. (2020), section 2.1 and table 1, https://arxiv.org/abs/2001.08361 (6 N, and N
without embeddings); Chowdhery et al. (2022), appendix B, https://arxiv.org/abs/2204.02311 (the
attention term, 12 L H Q T)
"""

from dataclasses import replace

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from snippets.basics.learning import wrongness
from snippets.model.facts_transformers import LLAMA_3_8B_SIZES, SMOLLM2_SIZES
from snippets.model.parameter_census import count_parameters
from snippets.model.tiny import TINY_SIZES
from snippets.model.transformer import Transformer, TransformerConfig


def count_training_flops(c: TransformerConfig, context: int) -> dict[str, int]:
    """Let PyTorch count one step on one text, without weights and without computing.

    Attention is spelled out, since the counter cannot look into a fused kernel of a CPU.

    Args:
        c: Sizes; what they say of the context does not matter.
        context: Tokens to read, T.

    Returns:
        Operations "forward" and "backward".

    Raises:
        ValueError: If context is below 1.
    """
    if context < 1:
        raise ValueError(f"wanted a context of at least 1 token, got {context}")
    with torch.device("meta"):  # tensors that have a shape and no memory
        model = Transformer(replace(c, context=context))
        ids = torch.zeros(1, context + 1, dtype=torch.int64)
    forward, backward = FlopCounterMode(display=False), FlopCounterMode(display=False)
    with sdpa_kernel(SDPBackend.MATH):
        with forward:
            loss = wrongness(model, ids)
        with backward:
            loss.backward()
    return {"forward": forward.get_total_flops(), "backward": backward.get_total_flops()}


def flops_per_token(c: TransformerConfig, context: int) -> dict[str, int]:
    """Foretell the operations of training on one token, by what they are for.

    Raises:
        ValueError: If context is below 1.
    """
    if context < 1:
        raise ValueError(f"wanted a context of at least 1 token, got {context}")
    parts = count_parameters(c)
    return {
        "layers": 6 * (parts["attention"] + parts["feed-forward"]),
        "last matrix": 6 * c.vocab_size * c.d_model,  # the first table is looked up, not multiplied
        "attention": 12 * c.n_layers * c.n_heads * c.head_dim * context,
    }


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    tiny = TransformerConfig(84, **TINY_SIZES)
    smol, llama = SMOLLM2_SIZES.config, LLAMA_3_8B_SIZES.config
    tried = (("Tiny", tiny, 128), ("SmolLM2-135M", smol, 2_048),
             ("Llama 3 8B", llama, 8_192), ("Llama 3 8B", llama, 131_072))  # fmt: skip
    rows, worst = [], 0
    for name, c, context in tried:
        counted, parts = count_training_flops(c, context), flops_per_token(c, context)
        total, each = sum(counted.values()), sum(parts.values())
        worst = max(worst, abs(total - context * each))
        census = count_parameters(c)
        every = sum(census.values())
        blocks = every - census["embedding"]
        rows.append({"model": name, "context": context, "parameters": every,
                     "counted": total / context, "all": 6 * every * context / total,
                     "blocks": 6 * blocks * context / total,
                     "head": parts["last matrix"] / each,
                     "attention": parts["attention"] / each})  # fmt: skip
        print(f"{name}, {context:,} tokens: 6N says {rows[-1]['all']:.0%} of what was counted, "
              f"without embeddings {rows[-1]['blocks']:.0%}")  # fmt: skip
    print(f"largest difference between counter and formula: {worst} operations")
    most_millions = max(row["counted"] * row["context"] for row in rows) / 1e15  # of billions
    even = {name: sum(flops_per_token(c, 1).values()) * 1.0 / (12 * c.n_layers * c.n_heads
            * c.head_dim) for name, c, _ in tried}  # fmt: skip
    even = {name: round(tokens - 1) for name, tokens in even.items()}
    for name, tokens in even.items():
        print(f"{name}: attention is half of the work at {tokens:,} tokens")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    contexts = [2**n for n in range(6, 18)]
    for number, (name, c, _) in enumerate(tried[:3]):
        shares = [flops_per_token(c, n) for n in contexts]
        shares = [100 * some["attention"] / sum(some.values()) for some in shares]
        ax.plot(contexts, shares, color=f"C{number}", label=name)
    for row in rows:
        color = f"C{[name for name, _, _ in tried].index(row['model'])}"
        ax.plot(row["context"], 100 * row["attention"], "o", color=color)
    ax.set_xscale("log", base=2)
    ax.set_xticks([64, 1_024, 8_192, 131_072], ["64", "1,024", "8,192", "131,072"])
    ax.legend()
    ax.set(title="What 6N leaves out", xlabel="tokens in the text", ylim=(0, 100))
    ax.set_ylabel("attention, % of all operations")
    plt.show()
