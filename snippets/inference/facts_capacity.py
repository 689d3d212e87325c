"""How many weights seven models have, and how fast four accelerators talk to their neighbours.

Sources: at each entry. Counts of weights can be worked out from the shape: the test does so.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSize:
    """What `facts_models` leaves out: all weights, and the longest context it was made for."""

    name: str
    n_params: int
    max_context: int
    source: str
    noted: str


@dataclass(frozen=True)
class CardLink:
    """One card's way out: `link` in byte/s and direction (NVLink), `fp8_flops` dense, 0 if none."""

    name: str
    link: float
    fp8_flops: float
    source: str
    noted: str


@dataclass(frozen=True)
class TimedToken:
    """A time per token that somebody measured: a 13B model, 16 bits, on 40 GB A100s."""

    cards: int
    measured_ms: float
    source: str
    noted: str


_DAY = "2026-11-28"  # when it was written down; the pages themselves were not opened that day
_CONFIG = "https://huggingface.co/{}/blob/main/config.json"
_LLAMA = "https://arxiv.org/abs/2407.21783, table 3"

MODEL_SIZES = (
    ModelSize(
        "SmolLM2-135M",
        134_515_008,
        8192,
        _CONFIG.format("HuggingFaceTB/SmolLM2-135M-Instruct"),
        _DAY,
    ),
    ModelSize("Qwen3-4B", 4_022_468_096, 40_960, _CONFIG.format("Qwen/Qwen3-4B"), _DAY),
    ModelSize("Llama-3-8B", 8_030_261_248, 8192, _LLAMA, _DAY),
    ModelSize(
        "Llama-2-13B", 13_015_864_320, 4096, _CONFIG.format("meta-llama/Llama-2-13b-hf"), _DAY
    ),
    ModelSize("Anthropic 52B", 52_000_000_000, 8192, "https://arxiv.org/abs/2112.00861", _DAY),
    ModelSize("Llama-3-70B", 70_553_706_496, 8192, _LLAMA, _DAY),
    ModelSize("Llama-3.1-405B", 405_853_388_800, 131_072, _LLAMA, _DAY),
)

_AMPERE = "https://www.nvidia.com/en-us/data-center/a100/"
_HOPPER = "https://www.nvidia.com/en-us/data-center/"

CARD_LINKS = (  # the sheets print both directions together: 600 and 900 GB/s
    CardLink("A100 40 GB", 300e9, 0, _AMPERE, _DAY),
    CardLink("A100 80 GB SXM", 300e9, 0, _AMPERE, _DAY),
    CardLink("H100 SXM", 450e9, 1978.9e12, _HOPPER + "h100/", _DAY),
    CardLink("H200 SXM", 450e9, 1978.9e12, _HOPPER + "h200/", _DAY),
)

_KIPPLY = 'https://kipp.ly/transformer-inference-arithmetic/, "comparing against real benchmarks"'

TIMED_TOKENS = (TimedToken(1, 22.0, _KIPPLY, _DAY), TimedToken(2, 13.5, _KIPPLY, _DAY))

if __name__ == "__main__":
    for size in MODEL_SIZES:
        print(f"{size.name:15} {size.n_params / 1e9:6.2f} billion weights  {size.source}")
    for way in CARD_LINKS:
        print(f"{way.name:15} {way.link / 1e9:.0f} GB/s to its neighbours  {way.source}")
    print(f"all noted on {MODEL_SIZES[0].noted}")
