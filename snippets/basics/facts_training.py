"""How much text some models were trained on, and what one machine computes: source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingText:
    """Tokens that a model was trained on, as its makers tell."""

    model: str
    year: int
    tokens: float
    source: str
    seen: str


@dataclass(frozen=True)
class TrainingRun:
    """A published training: parameters, tokens of one step, tokens in all."""

    model: str
    parameters: float
    tokens_per_step: float
    tokens: float
    source: str
    seen: str


@dataclass(frozen=True)
class MixPart:
    """A part of what GPT-3 was trained on: its tokens, and how often it was drawn from."""

    name: str
    tokens: float
    weight: float


_SEEN = "2026-11-28"

TRAINING_TEXTS = (
    TrainingText("GPT-3", 2020, 300e9, "table 2.1, https://arxiv.org/abs/2005.14165", _SEEN),
    TrainingText("Chinchilla", 2022, 1.4e12, "https://arxiv.org/abs/2203.15556", _SEEN),
    TrainingText("Llama 2", 2023, 2e12, "table 1, https://arxiv.org/abs/2307.09288", _SEEN),
    TrainingText("Llama 3", 2024, 15.6e12, "section 1, https://arxiv.org/abs/2407.21783", _SEEN),
    TrainingText("DeepSeek-V3", 2024, 14.8e12, "https://arxiv.org/abs/2412.19437", _SEEN),
    TrainingText("Qwen3", 2025, 36e12, "https://arxiv.org/abs/2505.09388", _SEEN),
)
GPT_3_RUN = TrainingRun(
    "GPT-3", 175e9, 3.2e6, 300e9, "table 2.1, https://arxiv.org/abs/2005.14165", _SEEN
)
# Brown et al. (2020), table 2.2 and section 2.2, https://arxiv.org/abs/2005.14165, seen 2026-11-28
GPT_3_MIX = (
    MixPart("web pages (Common Crawl)", 410e9, 0.60),
    MixPart("pages that people linked to", 19e9, 0.22),
    MixPart("books, first collection", 12e9, 0.08),
    MixPart("books, second collection", 55e9, 0.08),
    MixPart("Wikipedia", 3e9, 0.03),
)
# The smaller models of that family: "15T+ tokens", model card of Llama 3.1,
# https://github.com/meta-llama/llama-models, seen 2026-11-28
LLAMA_3_8B_TOKENS = 15e12
CRAWL_BEFORE_GB, CRAWL_AFTER_GB = 45_000, 570
# At most, by the age of 13: Warstadt et al. (2023), https://arxiv.org/abs/2301.11796
WORDS_OF_A_CHILD = 100e6
# Dense BF16 on tensor cores, https://www.nvidia.com/en-us/data-center/a100/, seen 2026-11-28
A100_FLOPS = 312e12
# Public human text, quality and repetition counted in (90 % interval 100e12 to 1000e12):
# Villalobos et al., revised 2024, https://arxiv.org/abs/2211.04325
HUMAN_TEXT_TOKENS = 300e12
