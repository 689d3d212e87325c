"""What some trainings took, as their makers and others tell: each with source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedTraining:
    """A training: parameters that each token meets, tokens, the card's peak, hours or utilisation.

    `peak` is in FLOP/s of one card, dense, 16 bit. Either `card_hours` was published, or
    `utilisation` (the share of the peak that was reached); the other is None.
    """

    model: str
    active_parameters: float
    tokens: float
    card: str
    peak: float
    card_hours: float | None
    utilisation: float | None
    dollars_per_hour: float
    source: str
    seen: str


@dataclass(frozen=True)
class SpendingPart:
    """A part of what a company is estimated to have spent on computing, in dollars."""

    what: str
    dollars: float


@dataclass(frozen=True)
class ByteRoad:
    """A road that weights may come on: bytes per second at best."""

    name: str
    bandwidth: float
    source: str


_SEEN = "2026-11-28"

GPT_3_TRAINING = PublishedTraining(
    "GPT-3",
    175e9,
    300e9,
    "V100",
    125e12,
    None,
    0.213,
    1.50,  # our assumption, near what cloud firms asked in 2020
    "table 2.1, https://arxiv.org/abs/2005.14165; utilisation as computed by Chowdhery et al. "
    "(2022), table 3, https://arxiv.org/abs/2204.02311",
    _SEEN,
)
DEEPSEEK_V3_TRAINING = PublishedTraining(
    "DeepSeek-V3",
    37e9,
    14.8e12,
    "H800",
    989.4e12,
    2.788e6,
    None,
    2.00,  # the authors' own assumption
    "table 1 and section 1, https://arxiv.org/abs/2412.19437",
    _SEEN,
)
LLAMA_405B_TRAINING = PublishedTraining(
    "Llama 3.1 405B",
    405e9,
    15.6e12,
    "H100",
    989.4e12,
    30.84e6,
    None,
    2.00,  # our assumption, so that it can be compared with the row above
    "https://huggingface.co/meta-llama/Llama-3.1-405B (hours), section 3, "
    "https://arxiv.org/abs/2407.21783 (up to 16,384 cards)",
    _SEEN,
)
PUBLISHED_TRAININGS = (GPT_3_TRAINING, DEEPSEEK_V3_TRAINING, LLAMA_405B_TRAINING)
LLAMA_405B_CARDS, DEEPSEEK_V3_CARDS = 16_384, 2_048
DEEPSEEK_V3_TOLD_DOLLARS = 5.576e6  # table 1: pre-training, longer context, post-training
LAMBDA_GPT_3_DOLLARS = 4.6e6  # https://lambda.ai/blog/demystifying-gpt-3, 2020
DEEPSEEK_R1_EXTRA_DOLLARS = (
    294e3  # Nature, September 2025, https://doi.org/10.1038/s41586-025-09422-z
)

# An estimate from outside for OpenAI in 2024, not a published account: Josh You (October 2025),
# https://epoch.ai/data-insights/openai-compute-spend, from reports in the press; the first two
# again in https://epochai.substack.com/p/final-training-runs-account-for-a (2026), seen 2026-11-29
OPENAI_2024_ESTIMATE = (
    SpendingPart("final training runs", 0.5e9),
    SpendingPart("other research and development", 4.5e9),
    SpendingPart("inference", 2.0e9),
)

BYTE_ROADS = (
    ByteRoad(
        "fast solid-state disk (PCIe 4.0 x4)",
        7.0e9,
        "makers' data sheets of that class give 7.0 to 7.5 GB/s, seen 2026-11-28",
    ),
    ByteRoad(
        "slot of a graphics card (PCIe 5.0 x16)",
        32e9 * 16 * (128 / 130) / 8,
        "32e9 transfers a second, 16 lanes, 128 of 130 bits used: https://pcisig.com",
    ),
)


if __name__ == "__main__":
    rows = [{"model": t.model, "source": t.source, "seen": t.seen} for t in PUBLISHED_TRAININGS]
    for row in rows:
        print(f"{row['model']:15} {row['source']}")
    spent = sum(part.dollars for part in OPENAI_2024_ESTIMATE)
    shares = [{"what": p.what, "billions": p.dollars / 1e9, "share": p.dollars / spent}
              for p in OPENAI_2024_ESTIMATE]  # fmt: skip
    print({row["what"]: f"{row['share']:.0%}" for row in shares})
