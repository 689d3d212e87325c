"""How many numbers virtual tokens have, at the input and in every layer.

Sources: Lester et al. (2021), section 2, https://arxiv.org/abs/2104.08691; Li and Liang (2021),
section 4, https://arxiv.org/abs/2101.00190
"""

from dataclasses import replace

from snippets.inference.facts_models import LLAMA_3_8B, SMOLLM2_135M, ModelShape


def prompt_parameters(shape: ModelShape, count: int) -> int:
    """Count what prompt tuning trains: one vector of the stream for each virtual token.

    Raises:
        ValueError: If count is below 1.
    """
    if count < 1:
        raise ValueError(f"wanted at least 1 virtual token, got {count}")
    return count * shape.d_model


def prefix_parameters(shape: ModelShape, count: int) -> int:
    """Count what prefix tuning trains: a key and a value for each token, layer and shared head.

    Raises:
        ValueError: If count is below 1.
    """
    if count < 1:
        raise ValueError(f"wanted at least 1 virtual token, got {count}")
    return 2 * shape.n_layers * count * shape.n_kv_heads * shape.head_dim


if __name__ == "__main__":
    unshared = replace(LLAMA_3_8B, name="the same, nothing shared", n_kv_heads=32)
    rows = []
    for shape in (SMOLLM2_135M, LLAMA_3_8B, unshared):
        rows.append({"model": shape.name, "prompt": prompt_parameters(shape, 20)})
        rows[-1]["prefix"] = prefix_parameters(shape, 20)
        print(f"{shape.name:24} prompt {rows[-1]['prompt']:6,}, prefix {rows[-1]['prefix']:9,}")
    small, shared, big = rows
    share = small["prefix"] / 134_515_008
    print(f"for SmolLM2 the prefix is {share:.2%} of the model")
