"""When it happened: papers by their first version on arXiv, products by their makers' pages."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Milestone:
    """Something that came out on a day: a "paper", a "model" one can run, or a "product"."""

    day: date
    name: str
    kind: str
    source: str
    seen: date = date(2026, 11, 28)


_ARXIV = "https://arxiv.org/abs/{}"

MILESTONES = (
    Milestone(date(2022, 11, 30), "ChatGPT", "product", "https://openai.com/index/chatgpt/"),
    Milestone(
        date(2023, 3, 14), "Claude", "product", "https://www.anthropic.com/news/introducing-claude"
    ),
    Milestone(date(2023, 3, 21), "Bard", "product", "https://blog.google/technology/ai/try-bard/"),
    Milestone(
        date(2023, 12, 6), "Gemini", "model", "https://blog.google/technology/ai/google-gemini-ai/"
    ),
    Milestone(
        date(2024, 2, 8),
        "Bard renamed Gemini",
        "product",
        "https://blog.google/products/gemini/bard-gemini-advanced-app/",
    ),
    Milestone(date(2017, 6, 12), "transformer", "paper", _ARXIV.format("1706.03762")),
    Milestone(date(2018, 6, 11), "GPT", "model", "https://openai.com/index/language-unsupervised/"),
    Milestone(date(2018, 10, 11), "BERT", "model", _ARXIV.format("1810.04805")),
    Milestone(
        date(2019, 2, 14), "GPT-2", "model", "https://openai.com/index/better-language-models/"
    ),
    Milestone(date(2020, 1, 23), "scaling laws", "paper", _ARXIV.format("2001.08361")),
    Milestone(date(2020, 5, 28), "GPT-3", "model", _ARXIV.format("2005.14165")),
    Milestone(date(2021, 8, 16), '"foundation model"', "paper", _ARXIV.format("2108.07258")),
    Milestone(date(2023, 2, 27), "LLaMA", "model", _ARXIV.format("2302.13971")),
    Milestone(
        date(2024, 9, 12),
        "o1-preview",
        "product",
        "https://openai.com/index/introducing-openai-o1-preview/",
    ),
    Milestone(date(2024, 12, 27), "DeepSeek-V3", "model", _ARXIV.format("2412.19437")),
    Milestone(date(2025, 1, 22), "DeepSeek-R1", "model", _ARXIV.format("2501.12948")),
    Milestone(
        date(2025, 8, 5), "gpt-oss", "model", "https://openai.com/index/introducing-gpt-oss/"
    ),
)
