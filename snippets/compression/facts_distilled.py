"""Distilled models and phones in figures, as their makers or reporters tell: source and date."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class DistilledPair:
    """A teacher and its student: parameters and the score that the authors compare."""

    teacher: str
    student: str
    teacher_parameters: float
    student_parameters: float
    teacher_score: float
    student_score: float
    score: str
    source: str
    seen: str


@dataclass(frozen=True)
class TrainingRoute:
    """One way to train the same student further: score on AIME 2024, hours of GPUs."""

    name: str
    percent: float
    gpu_hours: float
    source: str
    seen: str


@dataclass(frozen=True)
class PhoneMemory:
    """Working memory of a telephone, in gigabytes."""

    name: str
    gigabytes: float
    source: str
    seen: str


@dataclass(frozen=True)
class PocketModel:
    """A model that somebody might want to carry around."""

    name: str
    parameters: float
    source: str
    seen: str


_SEEN = "2026-11-28"
_MOBILE = "section 1, https://arxiv.org/abs/2402.14905"
_QWEN = "table 21, https://arxiv.org/abs/2505.09388"
_HUB = "https://huggingface.co/meta-llama/{}"

DISTILBERT = DistilledPair(
    "BERT-base", "DistilBERT", 110e6, 66e6, 79.5, 77.0, "GLUE",
    "tables 1 and 3, https://arxiv.org/abs/1910.01108", _SEEN,
)  # fmt: skip
QWEN3_ROUTES = (
    TrainingRoute("reinforcement learning", 67.6, 17_920, _QWEN, _SEEN),
    TrainingRoute("on-policy distillation", 74.4, 1_800, _QWEN, _SEEN),
)
APP_SHARE = 0.1  # of a phone's memory, at most, for one app: MobileLLM, section 1
PHONES = (
    PhoneMemory("iPhone 15 (2023)", 6, _MOBILE, _SEEN),
    PhoneMemory(
        "iPhone 17 (2025)", 8, "a forecast of five days before it came out, "
        "https://www.macrumors.com/2025/09/04/iphone-17-ram-amounts-trendforce/", _SEEN,
    ),
    PhoneMemory("Pixel 8 Pro (2023)", 12, _MOBILE, _SEEN),
)  # fmt: skip
POCKET_MODELS = (
    PocketModel("Llama 3.2 1B", 1.23e9, _HUB.format("Llama-3.2-1B"), _SEEN),
    PocketModel("Llama 3.2 3B", 3.21e9, _HUB.format("Llama-3.2-3B"), _SEEN),
    PocketModel("Llama 3.1 8B", 8.03e9, _HUB.format("Llama-3.1-8B"), _SEEN),
)

if __name__ == "__main__":
    kept = round(100 * DISTILBERT.student_score / DISTILBERT.teacher_score)
    size = round(100 * DISTILBERT.student_parameters / DISTILBERT.teacher_parameters)
    print(f"{DISTILBERT.student}: {kept} % of the score with {size} % of the parameters")
    routes = [asdict(route) for route in QWEN3_ROUTES]
    hours = round(QWEN3_ROUTES[0].gpu_hours / QWEN3_ROUTES[1].gpu_hours)
    print(f"on-policy distillation took {hours} times fewer GPU hours")
