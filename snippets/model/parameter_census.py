"""Count the parameters of a transformer by formula, and see where they sit.

Source: Kaplan et al. (2020), table 1 (the same count for the older design),
https://arxiv.org/abs/2001.08361
"""

import torch

from snippets.model.facts_transformers import KNOWN_TRANSFORMERS
from snippets.model.transformer import Transformer, TransformerConfig


def count_parameters(c: TransformerConfig) -> dict[str, int]:
    """Count the parameters of each part of a model, without making one.

    Raises:
        ValueError: If there is no layer.
    """
    if c.n_layers < 1:
        raise ValueError(f"wanted at least 1, got n_layers={c.n_layers}")
    queries_and_out = 2 * c.d_model * c.n_heads * c.head_dim
    keys_and_values = 2 * c.d_model * c.n_kv_heads * c.head_dim
    return {
        "embedding": c.vocab_size * c.d_model * (1 if c.tied else 2),
        "attention": c.n_layers * (queries_and_out + keys_and_values),
        "feed-forward": c.n_layers * 3 * c.d_model * c.d_ffn,
        "norms": (2 * c.n_layers + 1) * c.d_model,
    }


def list_sizes(c: TransformerConfig) -> dict[str, int]:
    """Add up the sizes of all tensors of a model whose weights need no memory."""
    with torch.device("meta"):
        model = Transformer(c)
    sizes = dict.fromkeys(("embedding", "attention", "feed-forward", "norms"), 0)
    for name, weight in model.named_parameters():
        part = "norms" if weight.ndim == 1 else "embedding"
        part = "attention" if ".attention." in name else part
        sizes["feed-forward" if ".ffn." in name else part] += weight.numel()
    return sizes


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows, agree = [], True
    for known in KNOWN_TRANSFORMERS:
        parts = count_parameters(known.config)
        agree = agree and parts == list_sizes(known.config)
        rows.append({"model": known.name, **parts, "total": sum(parts.values())})
    print(f"formula and tensors agree for all {len(rows)} models: {agree}")
    for row in rows:
        in_blocks = row["attention"] + row["feed-forward"]
        row["ffn_share"] = round(row["feed-forward"] / in_blocks, 3)
        row["embedding_share"] = round(row["embedding"] / row["total"], 3)
        print(f"{row['model']:>12}: {row['total']:,} parameters")
    saved_by_tying = rows[1]["embedding"] // 2  # exercise 1
    share_2017 = round(8 / (4 + 8), 3)  # four matrices d x d against two d x 4d

    names = [row["model"] for row in reversed(rows)]
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    left = [0.0] * len(rows)
    for part in ("embedding", "attention", "feed-forward"):
        shares = [100 * row[part] / row["total"] for row in reversed(rows)]
        ax.barh(names, shares, left=left, label=part)
        left = [a + b for a, b in zip(left, shares, strict=True)]
    ax.set(title="Where the parameters sit", xlabel="share of all parameters, percent")
    ax.set_ylabel("model")
    ax.legend(ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.22))
    plt.show()
