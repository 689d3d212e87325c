"""Models in which some layers read only the latest tokens, each with source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WindowShape:
    """The attention of a model: how many layers read all of the past, how many a window of it."""

    name: str
    full_layers: int
    window_layers: int
    window: int  # tokens, the newest included
    n_kv_heads: int
    head_dim: int
    source: str
    seen: str


# Every sixth layer of the 62 reads everything, hence ten: the pattern begins with five windows.
GEMMA_3_27B = WindowShape(
    "Gemma 3 27B", 10, 52, 1024, 16, 128,
    "Gemma 3 Technical Report, section 2 (5 to 1, window 1024), https://arxiv.org/abs/2503.19786;"
    " layers and heads: google/gemma-3-27b-it, config.json", "2026-11-28",
)  # fmt: skip
WINDOWED_GPT_OSS = WindowShape(
    "gpt-oss-120b", 18, 18, 128, 8, 64,
    "the defaults of GptOssConfig, https://github.com/huggingface/transformers", "2026-11-28",
)  # fmt: skip
MISTRAL_7B = WindowShape(
    "Mistral 7B v0.1", 0, 32, 4096, 8, 128,
    "table 1, https://arxiv.org/abs/2310.06825", "2026-11-28",
)  # fmt: skip

WINDOW_SHAPES = (MISTRAL_7B, GEMMA_3_27B, WINDOWED_GPT_OSS)

if __name__ == "__main__":
    for shape in WINDOW_SHAPES:
        print(f"{shape.name:15} {shape.source}")
