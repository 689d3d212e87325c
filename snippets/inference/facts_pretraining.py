"""How fast some models were trained, and three fits of one scaling law, each with source and date.

Sources: at each entry; the laws: Hoffmann et al. (2022), https://arxiv.org/abs/2203.15556, and
Besiroglu et al. (2024), https://arxiv.org/abs/2404.10102
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedPace:
    """A training as told: `reached` is FLOP/s of one card; `passes` is FLOPs per weight and token.

    `told_days` is how long its authors say that it takes; None if they do not say.
    """

    model: str
    parameters: float
    tokens: float
    card: str
    cards: int
    reached: float
    passes: int
    told_days: float | None
    source: str
    seen: str


@dataclass(frozen=True)
class BilledHours:
    """Card hours of a whole training, as its makers tell."""

    model: str
    parameters: float
    tokens: float
    card: str
    hours: float
    source: str
    seen: str


@dataclass(frozen=True)
class PublishedLaw:
    """Loss = floor + a / parameters^alpha + b / tokens^beta, in nats per token."""

    name: str
    floor: float
    a: float
    alpha: float
    b: float
    beta: float
    source: str
    seen: str


_SEEN = "2026-11-28"
_LLAMA_CARD = "https://huggingface.co/meta-llama/Llama-3.1-8B, table of hours"
_HOFFMANN, _REPLICATION = "https://arxiv.org/abs/2203.15556", "https://arxiv.org/abs/2404.10102"

GPT_3_ON_A100 = PublishedPace(
    "GPT-3 on A100", 175e9, 300e9, "A100 80 GB SXM", 1_024, 140e12, 8, 34.0,
    "Narayanan et al. (2021), https://arxiv.org/abs/2104.04473 (an estimate, with recomputation)",
    _SEEN,
)  # fmt: skip
LLAMA_405B_PACE = PublishedPace(
    "Llama 3.1 405B", 405e9, 15.6e12, "H100 SXM", 16_384, 400e12, 6, None,
    "The Llama 3 Herd of Models, table 4, https://arxiv.org/abs/2407.21783",
    _SEEN,
)  # fmt: skip
PUBLISHED_PACES = (GPT_3_ON_A100, LLAMA_405B_PACE)

# 8 cards for about 90 minutes, about 20 dollars
GPT_2_HOURS = BilledHours(
    "GPT-2 (124M)", 124e6, 10e9, "A100 80 GB SXM", 8 * 1.5,
    "Karpathy (28 May 2024), https://github.com/karpathy/llm.c/discussions/481",
    _SEEN,
)  # fmt: skip
# "More than 15 trillion" tokens; the paper gives 15.6 for the largest.
LLAMA_HOURS = (
    BilledHours("Llama 3.1 8B", 8.03e9, 15e12, "H100 SXM", 1.46e6, _LLAMA_CARD, _SEEN),
    BilledHours("Llama 3.1 70B", 70.6e9, 15e12, "H100 SXM", 7.0e6, _LLAMA_CARD, _SEEN),
    BilledHours("Llama 3.1 405B", 405e9, 15.6e12, "H100 SXM", 30.84e6, _LLAMA_CARD, _SEEN),
)

CHINCHILLA_PRINTED = PublishedLaw(
    "2022, as printed", 1.69, 406.4, 0.34, 410.7, 0.28, _HOFFMANN, _SEEN
)
CHINCHILLA_UNROUNDED = PublishedLaw(  # the digits in the paper's source files
    "2022, more digits", 1.6934, 406.4, 0.3392, 410.7, 0.2849, _REPLICATION, _SEEN
)
CHINCHILLA_REPLICATED = PublishedLaw(
    "2024, fitted again", 1.8172, 482.01, 0.3478, 2085.43, 0.3658, _REPLICATION, _SEEN
)
PUBLISHED_LAWS = (CHINCHILLA_PRINTED, CHINCHILLA_UNROUNDED, CHINCHILLA_REPLICATED)
CHINCHILLA_PARAMETERS, CHINCHILLA_TOKENS = 70e9, 1.4e12

# Korthikanti et al. (2022), abstract, https://arxiv.org/abs/2205.05198: a model of 530e9 parameters
# on 2,240 A100, without and with recomputing everything; seen 2026-11-28
UTILISATION_KEPT, UTILISATION_RECOMPUTED = 0.542, 0.421

if __name__ == "__main__":
    rows = [{"model": p.model, "source": p.source, "seen": p.seen} for p in PUBLISHED_PACES]
    for row in rows:
        print(f"{row['model']:15} {row['source']}")
    recomputed_hfu = UTILISATION_RECOMPUTED * 8 / 6
    for law in PUBLISHED_LAWS:
        print(f"{law.name:18} {law.source}")
