"""Load SmolLM2-135M-Instruct, a real chat model, into our own transformer.

Source: SmolLM2 (Hugging Face, 2025), https://arxiv.org/abs/2502.02737; the order of query and key
rows as llama.cpp's conversion leaves it, https://github.com/ggml-org/llama.cpp (`permute`)
"""

from typing import Any

import torch
from torch import Tensor

from snippets.model.gguf_file import GGUFTensor, dequantize_gguf, read_gguf
from snippets.model.smollm2_file import SMOLLM2_SHA256, find_smollm2
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.cache_folder import cache_folder
from snippets.tools.kept_weights import kept_weights

CONVERSION = 1  # counted up whenever the converted copy changes, so that old copies are not used
SMOLLM2_NAMES = {  # our name -> the name in the file
    "norm_1": "attn_norm",
    "attention.query": "attn_q",
    "attention.key": "attn_k",
    "attention.value": "attn_v",
    "attention.out": "attn_output",
    "norm_2": "ffn_norm",
    "ffn.gate": "ffn_gate",
    "ffn.up": "ffn_up",
    "ffn.down": "ffn_down",
}


def load(
    dtype: torch.dtype = torch.float32, device: torch.device | str | None = None
) -> tuple[Transformer, SmolTokenizer]:
    """Load the model, ready to predict, and its tokenizer.

    The first load unpacks the file and keeps a copy in the cache folder, 538 MB in float32; later
    ones map that copy into memory, so that weights are read when they are first used.

    Args:
        dtype: A floating dtype; the file's 4- and 8-bit weights are exact in float32 only.
        device: Where the model should live; None means the CPU.

    Raises:
        FileNotFoundError: If the package that brings the model is missing.
        ValueError: If its file was altered, or dtype is not a floating one.
        OSError: If the copy cannot be kept.
    """
    if not dtype.is_floating_point:
        raise ValueError(f"wanted a floating dtype such as torch.float32, got {dtype}")
    metadata, tensors = read_gguf(find_smollm2())
    with torch.device("meta"):  # sizes without memory: the weights come from the copy
        model = Transformer(smollm2_config(metadata)).eval()
    model.load_state_dict(_weights(tensors, model.config, dtype), assign=True)
    return model.to(device), SmolTokenizer.from_metadata(metadata)


def smollm2_config(metadata: dict[str, Any]) -> TransformerConfig:
    """Read the sizes of the model from the head of its file."""
    said = {key.removeprefix("llama."): value for key, value in metadata.items()}
    return TransformerConfig(
        vocab_size=len(metadata["tokenizer.ggml.tokens"]),
        d_model=said["embedding_length"],
        n_layers=said["block_count"],
        n_heads=said["attention.head_count"],
        n_kv_heads=said["attention.head_count_kv"],
        head_dim=said["rope.dimension_count"],
        d_ffn=said["feed_forward_length"],
        context=said["context_length"],
        rope_theta=said["rope.freq_base"],
        norm_eps=said["attention.layer_norm_rms_epsilon"],
    )


def unpack_weights(tensors: dict[str, GGUFTensor], c: TransformerConfig) -> dict[str, Tensor]:
    """Unpack all weights to float32, under our names.

    llama.cpp rotates neighbours, we rotate halves: in queries and keys, rows 0, 1, 2, 3, ... of a
    head become rows 0, D/2, 1, D/2 + 1, ... of ours.
    """
    theirs = {"embed": "token_embd.weight", "norm.weight": "output_norm.weight"}
    for n in range(c.n_layers):
        for ours, name in SMOLLM2_NAMES.items():
            theirs[f"blocks.{n}.{ours}.weight"] = f"blk.{n}.{name}.weight"
    weights = {
        our: torch.from_numpy(dequantize_gguf(tensors[name])) for our, name in theirs.items()
    }
    for name, weight in weights.items():
        if name.endswith(("query.weight", "key.weight")):
            pairs = weight.view(-1, c.head_dim // 2, 2, c.d_model)  # (heads, D/2, 2, C)
            weights[name] = pairs.transpose(1, 2).reshape(weight.shape)
    return weights


def _weights(tensors, config: TransformerConfig, dtype: torch.dtype) -> dict[str, Tensor]:
    """Open the converted copy; make it first if there is none."""
    made_of = f"{SMOLLM2_SHA256[:16]}-v{CONVERSION}-{str(dtype).removeprefix('torch.')}"
    path = cache_folder() / f"smollm2-135m-instruct-{made_of}.safetensors"

    def convert() -> dict[str, Tensor]:
        weights = unpack_weights(tensors, config)
        return {name: weights.pop(name).to(dtype) for name in list(weights)}  # one at a time

    return kept_weights(path, convert)


if __name__ == "__main__":
    model, tokenizer = load()
    parameters = sum(weight.numel() for weight in model.parameters())
    parts = [name for name, _ in model.blocks[0].named_children()]
    print(f"{parameters:,} parameters in {len(model.blocks)} blocks, each of {', '.join(parts)}")
    with torch.no_grad():
        logits = model(torch.tensor([tokenizer.chat([{"role": "user", "content": "Hi"}])]))
    print(f"the answer begins with {tokenizer.decode([int(logits[0, -1].argmax())])!r}")
