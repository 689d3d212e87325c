"""The sizes of four transformers of one design, each with source and date."""

from dataclasses import dataclass

from snippets.model.transformer import TransformerConfig


@dataclass(frozen=True)
class KnownTransformer:
    """A published model: its sizes and where they are written down."""

    name: str
    config: TransformerConfig
    source: str
    seen: str


_HUB = "https://huggingface.co/{}/blob/main/config.json"
_SEEN = "2026-11-23"

SMOLLM2_SIZES = KnownTransformer(
    "SmolLM2-135M",
    TransformerConfig(49_152, 576, 30, 9, 3, 64, 1_536, 8_192, rope_theta=100_000.0),
    _HUB.format("HuggingFaceTB/SmolLM2-135M-Instruct"),
    _SEEN,
)
LLAMA_3_8B_SIZES = KnownTransformer(
    "Llama 3 8B",
    TransformerConfig(
        128_256, 4_096, 32, 32, 8, 128, 14_336, 8_192, rope_theta=500_000.0, tied=False
    ),
    _HUB.format("meta-llama/Meta-Llama-3-8B"),
    _SEEN,
)
LLAMA_2_13B_SIZES = KnownTransformer(
    "Llama 2 13B",
    TransformerConfig(32_000, 5_120, 40, 40, 40, 128, 13_824, 4_096, tied=False),
    _HUB.format("meta-llama/Llama-2-13b-hf"),
    _SEEN,
)
LLAMA_3_70B_SIZES = KnownTransformer(
    "Llama 3 70B",
    TransformerConfig(
        128_256, 8_192, 80, 64, 8, 128, 28_672, 8_192, rope_theta=500_000.0, tied=False
    ),
    _HUB.format("meta-llama/Meta-Llama-3-70B"),
    _SEEN,
)

KNOWN_TRANSFORMERS = (SMOLLM2_SIZES, LLAMA_3_8B_SIZES, LLAMA_2_13B_SIZES, LLAMA_3_70B_SIZES)
