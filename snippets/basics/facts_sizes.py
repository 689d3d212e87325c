"""How deep and how wide some published networks are, each with source and date."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NetworkSize:
    """A published network: its layers, the width of its stream, and its parameters as told."""

    name: str
    n_layers: int
    d_model: int | None
    parameters: float
    source: str
    seen: str


_SEEN = "2026-11-28"
_LLAMA_3 = "The Llama 3 Herd of Models, table 3, https://arxiv.org/abs/2407.21783"

GPT_3_SIZE = NetworkSize(
    "GPT-3", 96, 12_288, 175e9, "Brown et al., table 2.1, https://arxiv.org/abs/2005.14165", _SEEN
)
RESNET_1001_SIZE = NetworkSize(
    "ResNet-1001 (pictures)",
    1001,
    None,  # its width changes from stage to stage
    10.2e6,
    "He et al., table 4, https://arxiv.org/abs/1603.05027",
    _SEEN,
)
NETWORK_SIZES = (
    NetworkSize(
        "BERT-large", 24, 1_024, 340e6, "Devlin et al., https://arxiv.org/abs/1810.04805", _SEEN
    ),
    NetworkSize(
        "GPT-2 XL", 48, 1_600, 1.5e9, "https://huggingface.co/openai-community/gpt2-xl", _SEEN
    ),
    NetworkSize("Llama 3 8B", 32, 4_096, 8e9, _LLAMA_3, _SEEN),
    NetworkSize("Llama 3 70B", 80, 8_192, 70e9, _LLAMA_3, _SEEN),
    GPT_3_SIZE,
    NetworkSize("Llama 3.1 405B", 126, 16_384, 405e9, _LLAMA_3, _SEEN),
    RESNET_1001_SIZE,
)
