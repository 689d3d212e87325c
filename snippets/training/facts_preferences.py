"""Who learned from whose preferences, and what each way of learning needs: source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HumanFeedback:
    """How many people, and how many prompts in each of the three stages, InstructGPT needed."""

    people: int
    shown: int
    compared: int
    sung: int
    agreement: float
    source: str
    seen: str


@dataclass(frozen=True)
class PreferenceMethod:
    """A way to learn from preferences: what it holds in memory while it learns, beside a policy."""

    name: str
    year: int
    learns_from: str
    reference: bool
    judge: bool
    value_model: bool
    writes: bool
    source: str
    seen: str


_SEEN = "2026-11-28"
INSTRUCT_GPT = HumanFeedback(
    40, 13_000, 33_000, 31_000, 0.726,
    "Ouyang et al. (2022), sections 3.2 and 3.4, https://arxiv.org/abs/2203.02155", _SEEN,
)  # fmt: skip
PREFERENCE_METHODS = (
    PreferenceMethod("PPO", 2017, "scores of a judge", True, True, True, True,
                     "https://arxiv.org/abs/1707.06347", _SEEN),
    PreferenceMethod("REINFORCE", 1992, "scores of a judge", True, True, False, True,
                     "https://doi.org/10.1007/BF00992696", _SEEN),
    PreferenceMethod("DPO", 2023, "comparisons", True, False, False, False,
                     "https://arxiv.org/abs/2305.18290", _SEEN),
    PreferenceMethod("GRPO with a checker", 2024, "a program's verdict", True, False, False, True,
                     "https://arxiv.org/abs/2402.03300", _SEEN),
)  # fmt: skip

if __name__ == "__main__":
    people, agreement = INSTRUCT_GPT.people, INSTRUCT_GPT.agreement
    rows = []
    for method in PREFERENCE_METHODS:
        row = {"method": method.name, "year": method.year, "learns": method.learns_from}
        has = {"reference": method.reference, "judge": method.judge, "value": method.value_model,
               "writes": method.writes}  # fmt: skip
        rows.append(row | {name: "yes" if there else "no" for name, there in has.items()})
        print(f"{method.name}: {', '.join(name for name, there in has.items() if there)}")
