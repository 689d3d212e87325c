"""How many of its weights and experts one token meets in DeepSeek-V3, with source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExpertCount:
    """A mixture of experts from the point of view of who must fetch it."""

    name: str
    total: float  # weights
    active: float  # weights that one token meets
    routed: int  # experts from which a router chooses, in a layer
    used: int  # how many of them one token gets
    source: str
    noted: str


DEEPSEEK_V3_EXPERTS = ExpertCount(
    "DeepSeek-V3", 671e9, 37e9, 256, 8, "https://arxiv.org/abs/2412.19437, section 4.2",
    "2026-11-28",
)  # fmt: skip

if __name__ == "__main__":
    counts = DEEPSEEK_V3_EXPERTS
    print(f"{counts.name}: {counts.active / 1e9:.0f} of {counts.total / 1e9:.0f} billion weights")
