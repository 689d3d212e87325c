"""The KV cache of real models: formula, bytes really allocated, and a famous wrong factor.

Source: MLA's cache, DeepSeek-AI (2024), section 2.1.2 and table 1, https://arxiv.org/abs/2405.04434
"""

import torch

from snippets.inference.facts_models import (
    LLAMA_3_8B,
    LLAMA_3_70B,
    MODEL_SHAPES,
    QWEN3_4B,
    ModelShape,
)
from snippets.inference.kv_cache import kv_bytes_per_token
from snippets.tools.plot import name_line


def latent_bytes_per_token(
    n_layers: int, latent_dim: int, rope_dim: int, bytes_per_value: float = 2
) -> int | float:
    """Count the cache of MLA: a latent vector and a position key per layer, shared by all heads.

    It is half of what one key-value head of that width would take, as nothing is stored twice.
    """
    return kv_bytes_per_token(n_layers, 1, latent_dim + rope_dim, bytes_per_value / 2)


def cache_bytes_per_token(model: ModelShape, bytes_per_value: float = 2) -> int | float:
    """Pick the formula that fits the model."""
    if model.latent_dim:
        return latent_bytes_per_token(
            model.n_layers, model.latent_dim, model.rope_dim, bytes_per_value
        )
    return kv_bytes_per_token(model.n_layers, model.n_kv_heads, model.head_dim, bytes_per_value)


def allocate_cache(model: ModelShape, tokens: int, device: str = "cpu") -> list[torch.Tensor]:
    """Set aside the cache of one conversation in bfloat16, layer by layer.

    On the device "meta" PyTorch keeps the books without touching memory: for the big ones.
    """
    if model.latent_dim:
        shapes = [(tokens, model.latent_dim), (tokens, model.rope_dim)]
    else:
        shapes = [(model.n_kv_heads, tokens, model.head_dim)] * 2
    return [
        torch.empty(shape, dtype=torch.bfloat16, device=device)
        for _ in range(model.n_layers)
        for shape in shapes
    ]


def config_row(model: ModelShape, context: int = 8192) -> dict[str, str | int | float]:
    """Compare the formula with allocated memory, and with the formula that counts all heads."""
    per_token = cache_bytes_per_token(model)
    all_heads = kv_bytes_per_token(model.n_layers, model.n_heads, model.head_dim)
    return {
        "model": model.name,
        "heads": f"{model.n_heads} / {'latent' if model.latent_dim else model.n_kv_heads}",
        "per_token": per_token,
        "allocated": sum(t.nbytes for t in allocate_cache(model, tokens=1)),
        "all_heads": all_heads,
        "factor": all_heads / per_token,
        "gb": sum(t.nbytes for t in allocate_cache(model, context, device="meta")) / 1e9,
    }


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows = [config_row(model) for model in MODEL_SHAPES]
    agree = sum(row["per_token"] == row["allocated"] for row in rows)
    wrong = sum(row["per_token"] != row["all_heads"] for row in rows)
    print(f"formula equals allocated bytes in {agree} of {len(rows)} models")
    print(f"counting all heads would be wrong in {wrong} of them")
    factors = {row["model"]: row["factor"] for row in rows}
    bytes_of = {row["model"]: row["per_token"] for row in rows}
    four_bits = cache_bytes_per_token(LLAMA_3_8B, bytes_per_value=0.5)
    derived = kv_bytes_per_token(QWEN3_4B.n_layers, QWEN3_4B.n_kv_heads, 2560 // 32)
    big = config_row(LLAMA_3_70B)
    chats = {k: int(80e9 / (8192 * big[k])) for k in ("per_token", "all_heads")}

    _, ax = plt.subplots(figsize=(6.4, 4.6))
    first, last = 1024, 131072
    for row in rows:
        if row["model"] != "Qwen3-4B":  # its line would lie on Llama-3-8B's
            gb = [row["per_token"] * n / 1e9 for n in (first, last)]
            latent = row["heads"].endswith("latent")
            ax.loglog([first, last], gb, linestyle="-." if latent else "-")
            name_line(ax, row["model"], last, gb[-1])
    ax.plot([first, last], [80, 80], linestyle="--", color="C1")
    ax.text(first * 1.1, 95, "memory of one 80 GB card")
    ax.set(xlim=(first, last * 6))
    ax.set_xticks([first, 8192, last], ["1,024", "8,192", "131,072"])
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.minorticks_off()
    ax.set(xlabel="tokens in the conversation", ylabel="KV cache in GB")
    ax.set_title("The same conversation in seven models")
    plt.show()
