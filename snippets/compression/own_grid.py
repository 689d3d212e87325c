"""A format that a model has been through costs nothing the second time: do not be flattered.

Source: our own measurement; Q4_1 as in ggml-common.h, https://github.com/ggml-org/ggml
"""

import numpy as np
import torch
from torch import Tensor

from snippets.compression.gguf_blocks import BLOCK_LAYOUTS, dequantize, quantize
from snippets.compression.grid import round_to_nearest
from snippets.model.minilm import load_minilm_parts
from snippets.model.smollm2 import load


def gguf_round_trip(weight: Tensor, kind: str) -> Tensor:
    """Pack a weight `(out, in)`, in a multiple of 32, into blocks and unpack it: float32."""
    return torch.from_numpy(dequantize(quantize(weight.detach().numpy(), kind), kind))


def relative_errors(weight: Tensor) -> dict[str, float]:
    """Tell for each format how far off a typical weight is, as a share of a typical weight."""
    back = {kind: gguf_round_trip(weight, kind) for kind in BLOCK_LAYOUTS}
    back["4 bits, groups of 32"] = round_to_nearest(weight, 4, 32)
    back["4 bits, groups of 64"] = round_to_nearest(weight, 4, 64)
    return {kind: float((w - weight).norm() / weight.norm()) for kind, w in back.items()}


if __name__ == "__main__":
    smol = load()[0].blocks[10].ffn.down.weight.detach()  # (576, 1536)
    mini = load_minilm_parts()[1].blocks[3].down.weight.detach()  # (384, 1536)
    mixed = torch.randperm(1536, generator=torch.Generator().manual_seed(0))
    weights = {"as loaded": smol, "columns shuffled": smol[:, mixed].contiguous(), "MiniLM": mini}
    rows = [{"format": kind} for kind in relative_errors(mini)]
    for name, weight in weights.items():
        for row, error in zip(rows, relative_errors(weight).values(), strict=True):
            row[name] = round(100 * error, 2)
    print("typical error in % of a typical weight")
    print(f"{'':22}", "  ".join(weights))
    for row in rows:
        print(f"{row['format']:22}", *(f"{row[name]:9.2f}" for name in weights))
    labels = len(np.unique(smol[0, :32]))
    print(f"the first 32 weights of a row have {labels} different values")
