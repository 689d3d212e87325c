"""The sizes of three mixtures of experts, each with source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MixtureSize:
    """A mixture of experts: in each of its layers, a router sends a token to a few experts."""

    name: str
    d_model: int
    n_layers: int
    attention: int  # parameters in one layer
    experts: int  # in one layer, shared ones included
    experts_used: int  # by one token, shared ones included
    d_expert: int
    vocab_size: int
    dense_layers: int  # the first ones, with an ordinary feed-forward network
    d_dense: int
    total_told: float
    active_told: float
    source: str
    seen: str


_SEEN = "2026-11-28"
_HUB = "https://huggingface.co/{}/blob/main/config.json"
_LATENT = (
    7_168 * 1_536 + 1_536 * 128 * 192 + 7_168 * (512 + 64) + 512 * 128 * 256 + 128 * 128 * 7_168
)

MIXTRAL_8X7B = MixtureSize(
    "Mixtral 8x7B", 4_096, 32, 2 * 4_096 * 4_096 + 2 * 4_096 * 1_024, 8, 2, 14_336, 32_000,
    0, 0, 46.7e9, 12.9e9, "https://arxiv.org/abs/2401.04088, table 1; told by mistral.ai/news/"
    "mixtral-of-experts", _SEEN,
)  # fmt: skip
DEEPSEEK_V3_MIXTURE = MixtureSize(
    "DeepSeek-V3", 7_168, 61, _LATENT, 257, 9, 2_048, 129_280, 3, 18_432, 671e9, 37e9,
    "https://arxiv.org/abs/2412.19437, section 4.2", _SEEN,
)  # fmt: skip
GPT_OSS_120B = MixtureSize(
    "gpt-oss-120b", 2_880, 36, 2 * 2_880 * 4_096 + 2 * 2_880 * 512, 128, 4, 2_880, 201_088,
    0, 0, 116.8e9, 5.1e9, "https://arxiv.org/abs/2508.10925, table 1; "
    + _HUB.format("openai/gpt-oss-120b"), _SEEN,
)  # fmt: skip

KNOWN_MIXTURES = (MIXTRAL_8X7B, GPT_OSS_120B, DEEPSEEK_V3_MIXTURE)
