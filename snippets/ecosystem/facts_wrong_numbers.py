"""Numbers in public that come out otherwise when they are computed: where, what, when seen.

All their authors were kind enough to show their working. Each may be fixed since.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PrintedNumber:
    """One number as it was printed, in its unit."""

    what: str
    where: str
    said: float
    unit: str
    source: str
    seen: str


_COURSE = "https://huggingface.co/learn/llm-course/chapter6/"
UNIGRAM_PUG = PrintedNumber(
    "chance of p + u + g", "Hugging Face course, Unigram", 0.000389, "",
    _COURSE + "7", "2026-04",
)  # fmt: skip
UNIGRAM_PU_G = PrintedNumber(
    "chance of pu + g", "Hugging Face course, Unigram", 0.0022676, "",
    _COURSE + "7", "2026-04",
)  # fmt: skip
WORDPIECE_HUG = PrintedNumber(
    "score of hu + ##g", "Hugging Face course, WordPiece", 1 / 15, "",
    _COURSE + "6", "2026-04",
)  # fmt: skip
COOKBOOK_CACHE = PrintedNumber(
    "cache: 32 layers, width 4,096, 8,192 tokens", "EleutherAI cookbook, calc_transformer_mem.py",
    2.0, "GiB", "https://github.com/EleutherAI/cookbook", "2026-04",
)  # fmt: skip
KIPPLY_ROOM = PrintedNumber(
    "56 GB at 0.002 GB a token", "kipply, Transformer Inference Arithmetic", 23_000, "tokens",
    "https://kipp.ly/transformer-inference-arithmetic/", "2026-11",
)  # fmt: skip
GPT2_WEIGHTS = PrintedNumber(
    "weights of the smallest GPT-2", "the GPT-2 paper, table 2", 117e6, "",
    "https://cdn.openai.com/better-language-models/"
    "language_models_are_unsupervised_multitask_learners.pdf", "2026-04",
)  # fmt: skip
SCALING_BOOK_DAYS = PrintedNumber(
    "44 days x 8,960 chips / 171 chips", "How to Scale Your Model", 1_752, "days",
    "https://github.com/jax-ml/scaling-book", "2026-11",
)  # fmt: skip

PRINTED = (
    UNIGRAM_PUG,
    UNIGRAM_PU_G,
    WORDPIECE_HUG,
    COOKBOOK_CACHE,
    KIPPLY_ROOM,
    GPT2_WEIGHTS,
    SCALING_BOOK_DAYS,
)

if __name__ == "__main__":
    for number in PRINTED:
        print(f"{number.where:45} {number.source} ({number.seen})")
