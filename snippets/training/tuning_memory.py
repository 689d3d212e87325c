"""How much memory fine-tuning needs before the first text is read, for two well-known sizes.

Sources: Rajbhandari et al. (2020), section 3.1, https://arxiv.org/abs/1910.02054 (16 bytes for each
trained parameter); Dettmers et al. (2023), section 3, https://arxiv.org/abs/2305.14314 (NF4)
"""

from snippets.inference.facts_models import LLAMA_3_8B, LLAMA_3_70B, ModelShape

MIXED_ADAM = 16  # bytes: weight 2, gradient 2, and in 32 bits a copy, a mean, a spread
FROZEN = {"LoRA": 2.0, "QLoRA": (4 + 8 / 64 + 32 / (64 * 256)) / 8}  # bytes a weight
PARAMETERS = {LLAMA_3_8B.name: 8.03e9, LLAMA_3_70B.name: 70.6e9}


def detour_parameters(shape: ModelShape, rank: int) -> int:
    """Count the parameters of detours at the queries and values of all layers.

    Raises:
        ValueError: If rank is below 1.
    """
    if rank < 1:
        raise ValueError(f"wanted a rank of at least 1, got {rank}")
    query = shape.d_model + shape.n_heads * shape.head_dim
    value = shape.d_model + shape.n_kv_heads * shape.head_dim
    return shape.n_layers * rank * (query + value)


def tuning_bytes(shape: ModelShape, way: str, rank: int = 16) -> float:
    """Add up weights, gradients and optimizer state: "full", "LoRA" or "QLoRA"; no activations."""
    if way == "full":
        return MIXED_ADAM * PARAMETERS[shape.name]
    return FROZEN[way] * PARAMETERS[shape.name] + MIXED_ADAM * detour_parameters(shape, rank)


if __name__ == "__main__":
    rows = []
    for shape in (LLAMA_3_8B, LLAMA_3_70B):
        row = {"model": shape.name, "detours": detour_parameters(shape, 16) / 1e6}
        for way in ("full", "LoRA", "QLoRA"):
            row[way] = tuning_bytes(shape, way) / 1e9
        rows.append(row)
        told = ", ".join(f"{way} {row[way]:,.0f}" for way in ("full", "LoRA", "QLoRA"))
        print(f"{shape.name}: {told} GB; detours {row['detours']:.1f} million parameters")
    cards = {row["model"]: -(-row["full"] // 80) for row in rows}
    print("cards of 80 GB for full fine-tuning, before any text:", cards)
