"""Llama 2 13B: the sizes in its configuration, and the sizes of six of its files as published.

Sources: https://huggingface.co/meta-llama/Llama-2-13b-hf (config.json), and the model cards
https://huggingface.co/TheBloke/Llama-2-13B-chat-GPTQ and .../Llama-2-13B-chat-GGML (July 2023)
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LlamaSizes:
    """What config.json says; each key and value has a head of its own, the last matrix too."""

    layers: int
    d_model: int
    d_ffn: int
    vocab: int


@dataclass(frozen=True)
class PublishedFile:
    """A file and its size in decimal gigabytes, rounded as on its card."""

    name: str
    gigabytes: float
    digits: int


LLAMA_13B_CONFIG = LlamaSizes(layers=40, d_model=5120, d_ffn=13824, vocab=32_000)
PUBLISHED_FILES = (
    PublishedFile("fp16", 26, 0),
    PublishedFile("GPTQ, 4 bits, groups of 128", 7.26, 2),
    PublishedFile("GPTQ, 4 bits, groups of 32", 8.0, 1),
    PublishedFile("q4_0", 7.32, 2),
    PublishedFile("q4_1", 8.14, 2),
    PublishedFile("q5_0", 8.95, 2),
    PublishedFile("q5_1", 9.76, 2),
)

if __name__ == "__main__":
    for file in PUBLISHED_FILES:
        print(f"{file.name}: {file.gigabytes:.{file.digits}f} GB")
