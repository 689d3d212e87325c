"""How many models there are, which exams wore out, and what was new: source, date, confidence."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ModelCount:
    """How many public models somebody counted, and how sure we are of the number."""

    what: str
    count: int
    when: str
    confidence: str
    source: str
    seen: str


@dataclass(frozen=True)
class WornExam:
    """A public exam, and what was found out about it."""

    exam: str
    when: str
    found: str
    source: str
    seen: str


@dataclass(frozen=True)
class NewIdea:
    """An idea that was published in 2024 or soon after, and that others took over."""

    day: date
    idea: str
    source: str
    seen: str


_SEEN = "2026-11-28"
LLAMA_ANNOUNCED = date(2023, 2, 24)
MODEL_COUNTS = (
    ModelCount("derivatives of Llama", 65_000, "September 2024", "low",
               "Meta's own count, as others retell it; its post was not found again", _SEEN),
    ModelCount("new repositories a week with Llama's architecture", 3_500, "September 2024",
               "low", "3,000 to 4,000 by a talk at the PyTorch Conference (O. Sanseviero)", _SEEN),
    ModelCount("models of all kinds on the Hugging Face Hub", 1_000_000, "September 2024",
               "high", "passed on the 26th: Ars Technica, 26 September 2024, https://arstechnica.com/"
               "information-technology/2024/09/"
               "ai-hosting-platform-surpasses-1-million-models-for-the-first-time/", _SEEN),
    ModelCount("public models on the Hugging Face Hub", 2_000_000, "October 2025", "high",
               "more than that, by https://huggingface.co/blog/huggingface-hub-v1", _SEEN),
)  # fmt: skip
WORN_EXAMS = (
    WornExam("GSM8K (school mathematics)", "May 2024",
             "new questions of the same kind, GSM1k: some families of models lose several points",
             "Zhang et al., https://arxiv.org/abs/2405.00332", _SEEN),
    WornExam("Chatbot Arena (votes)", "April 2025",
             "27 private variants of one maker tried before one was shown",
             "Singh et al., https://arxiv.org/abs/2504.20879", _SEEN),
    WornExam("SWE-bench Verified (programming)", "February 2026",
             "its maker stopped using it: of 138 tasks that were checked, at least 59.4 % had "
             "faulty tests; models recall solutions",
             "OpenAI, https://openai.com/index/why-we-no-longer-evaluate-swe-bench-verified/",
             _SEEN),
)  # fmt: skip
NEW_IDEAS = (
    NewIdea(date(2024, 2, 5), "GRPO: reinforcement learning without a value model",
            "https://arxiv.org/abs/2402.03300", _SEEN),
    NewIdea(date(2024, 5, 7), "MLA: notes squeezed before they are kept",
            "https://arxiv.org/abs/2405.04434", _SEEN),
    NewIdea(date(2024, 5, 31), "Mamba-2: attention and recurrence as one thing",
            "https://arxiv.org/abs/2405.21060", _SEEN),
    NewIdea(date(2024, 9, 12), "o1-preview: more thinking before an answer",
            "https://openai.com/index/introducing-openai-o1-preview/", _SEEN),
    NewIdea(date(2025, 1, 22), "DeepSeek-R1: such thinking from rewards alone, in the open",
            "https://arxiv.org/abs/2501.12948", _SEEN),
)  # fmt: skip

if __name__ == "__main__":
    counts = [{"what": c.what, "count": c.count, "when": c.when, "confidence": c.confidence,
               "source": c.source} for c in MODEL_COUNTS]  # fmt: skip
    exams = [{"exam": e.exam, "when": e.when, "found": e.found, "source": e.source}
             for e in WORN_EXAMS]  # fmt: skip
    ideas = [{"day": f"{n.day:%B %Y}", "idea": n.idea, "source": n.source} for n in NEW_IDEAS]
    days = (date(2025, 10, 27) - date(2024, 9, 26)).days  # between the last two counts, roughly
    uploads_a_day = round((MODEL_COUNTS[3].count - MODEL_COUNTS[2].count) / days, -2)
    announced = f"{LLAMA_ANNOUNCED:%d %B %Y}"
    print(f"LLaMA was announced on {announced}")
    for count in counts:
        print("{when}: {count:,} {what} (confidence: {confidence})".format(**count))
