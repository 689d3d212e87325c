"""What eight models look like from the cache's point of view, each with source and date.

Only the numbers that decide the size of a KV cache are here: layers, heads, width of a head.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelShape:
    """The shape of one model's attention.

    `latent_dim` and `rope_dim` are above 0 only for multi-head latent attention (MLA), which
    stores one compressed vector and one position key per token instead of keys and values.
    """

    name: str
    n_layers: int
    d_model: int
    n_heads: int
    n_kv_heads: int
    head_dim: int
    source: str
    seen: str
    latent_dim: int = 0
    rope_dim: int = 0


_LLAMA_3 = "The Llama 3 Herd of Models, table 3, https://arxiv.org/abs/2407.21783"
_HUB = "https://huggingface.co/{}/blob/main/config.json"
_SEEN = "2026-11-22"

# The paper gives 64 layers and d_model 8192; only n_heads x head_dim = 8192 enters the cache.
ANTHROPIC_52B = ModelShape(
    "Anthropic 52B", 64, 8192, 64, 64, 128, "https://arxiv.org/abs/2112.00861", _SEEN
)
LLAMA_2_13B = ModelShape(
    "Llama-2-13B", 40, 5120, 40, 40, 128, _HUB.format("meta-llama/Llama-2-13b-hf"), _SEEN
)
LLAMA_3_8B = ModelShape("Llama-3-8B", 32, 4096, 32, 8, 128, _LLAMA_3, _SEEN)
LLAMA_3_70B = ModelShape("Llama-3-70B", 80, 8192, 64, 8, 128, _LLAMA_3, _SEEN)
LLAMA_31_405B = ModelShape("Llama-3.1-405B", 126, 16384, 128, 8, 128, _LLAMA_3, _SEEN)
SMOLLM2_135M = ModelShape(
    "SmolLM2-135M", 30, 576, 9, 3, 64, _HUB.format("HuggingFaceTB/SmolLM2-135M-Instruct"), _SEEN
)
QWEN3_4B = ModelShape("Qwen3-4B", 36, 2560, 32, 8, 128, _HUB.format("Qwen/Qwen3-4B"), _SEEN)
DEEPSEEK_V3 = ModelShape(
    "DeepSeek-V3",
    61,
    7168,
    128,
    128,
    128,
    "DeepSeek-V3 Technical Report, section 4.2, https://arxiv.org/abs/2412.19437",
    _SEEN,
    latent_dim=512,
    rope_dim=64,
)

MODEL_SHAPES = (
    SMOLLM2_135M,
    LLAMA_3_8B,
    QWEN3_4B,
    LLAMA_3_70B,
    LLAMA_31_405B,
    LLAMA_2_13B,
    ANTHROPIC_52B,
    DEEPSEEK_V3,
)

if __name__ == "__main__":
    sources = [{"model": m.name, "source": m.source, "seen": m.seen} for m in MODEL_SHAPES]
    for row in sources:
        print(f"{row['model']:15} {row['source']}")
