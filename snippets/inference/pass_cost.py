"""What one pass through a transformer does and fetches: operations, bytes, and one by the other.

Sources: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022, section "flops
counting", https://kipp.ly/transformer-inference-arithmetic/; Williams, Waterman, Patterson (2009),
https://doi.org/10.1145/1498765.1498785 (operational intensity)
"""

from dataclasses import replace

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from snippets.model.facts_transformers import SMOLLM2_SIZES
from snippets.model.parameter_census import count_parameters
from snippets.model.transformer import Transformer, TransformerConfig


def pass_cost(
    c: TransformerConfig, batch: int, new: int, past: int = 0, width: float = 4
) -> dict[str, float]:
    """Count what one pass needs at least: each weight once, each note once, no intermediate result.

    Args:
        c: Sizes of the model.
        batch: Texts that are read together.
        new: Tokens of each text in this pass: 1 to decode, the prompt to prefill.
        past: Tokens of each text whose notes lie in the cache.
        width: Bytes per number; 4 for float32.

    Returns:
        "weights" and "attention", FLOPs; "flops", both; "weight_bytes" and "cache_bytes";
        "bytes", both; "intensity", FLOP per byte.

    Raises:
        ValueError: If a count is too small.
    """
    if batch < 1 or new < 1 or past < 0 or not width > 0:
        given = f"batch={batch}, new={new}, past={past}, width={width}"
        raise ValueError(f"wanted a text and a token at least, got {given}")
    parts = count_parameters(c)
    multiplied = parts["attention"] + parts["feed-forward"] + c.vocab_size * c.d_model
    total = past + new
    cost = {
        "weights": 2.0 * multiplied * batch * new,
        "attention": 4.0 * c.n_layers * c.n_heads * c.head_dim * batch * new * total,
        "weight_bytes": width * (multiplied + parts["norms"]),
        "cache_bytes": width * 2 * c.n_layers * c.n_kv_heads * c.head_dim * batch * total,
    }
    cost["flops"] = cost["weights"] + cost["attention"]
    cost["bytes"] = cost["weight_bytes"] + cost["cache_bytes"]
    return cost | {"intensity": cost["flops"] / cost["bytes"]}


@torch.no_grad()
def watch_pass(c: TransformerConfig, batch: int, new: int, past: int = 0) -> int:
    """Let PyTorch count the FLOPs of the same pass, on tensors that have a shape and no memory.

    Raises:
        ValueError: If a count is too small.
    """
    if batch < 1 or new < 1 or past < 0:
        raise ValueError(f"wanted a text and a token at least, got {batch}, {new} and {past}")
    with torch.device("meta"):
        model = Transformer(replace(c, context=past + new))
        ids, cache = torch.zeros(batch, new, dtype=torch.int64), model.new_cache(batch)
    cache.length = past
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        model(ids, cache)
    return counter.get_total_flops()


if __name__ == "__main__":
    smol = SMOLLM2_SIZES.config
    passes = (("decode", 1, 1, 511), ("decode", 64, 1, 511), ("prefill", 1, 512, 0))
    rows, worst = [], 0
    for work, batch, new, past in passes:
        cost = pass_cost(smol, batch, new, past)
        worst = max(worst, abs(watch_pass(smol, batch, new, past) - cost["flops"]))
        rows.append({"work": work, "texts": batch, "tokens": batch * new,
                     "gigaflops": cost["flops"] / 1e9,
                     "attention": cost["attention"] / cost["flops"],
                     "megabytes": cost["bytes"] / 1e6, "intensity": cost["intensity"]})  # fmt: skip
        told = f"{cost['flops'] / 1e9:7.2f} billion FLOPs, {cost['bytes'] / 1e6:6.1f} MB"
        print(f"{work:7} {batch:2} x {new:3} tokens: {told}, {cost['intensity']:6.2f} per byte")
    print(f"largest difference to PyTorch's counter: {worst:.0f} operations")
    parameters = sum(count_parameters(smol).values())
    two_p = 2 * parameters / 1e9
    print(f"2P = {two_p:.3f} billion, and each token also looks at its past")
