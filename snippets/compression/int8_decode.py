"""Does a small format write faster? The real model with 8-bit weights and a kernel made for them.

Source: PyTorch's own kernels (`torch._weight_int8pack_mm`), as used by gpt-fast,
https://github.com/meta-pytorch/gpt-fast
"""

import time

import torch
from torch import Tensor, nn

from snippets.compression.integer import quantize_absmax
from snippets.compression.matvec_speed import int8_weight_only
from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads

MEASURES = True
WRITTEN = 32  # tokens


class Int8Linear(nn.Module):
    """A linear layer with 8-bit weights, a scale for each output, and no bias."""

    def __init__(self, plain: nn.Linear):
        super().__init__()
        integers, scale = quantize_absmax(plain.weight.detach(), bits=8, axis=0)
        self.register_buffer("integers", integers)  # (O, I), int8
        self.register_buffer("scale", scale)  # (O, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Turn x `(..., I)` into `(..., O)`; the weights are never unpacked in memory."""
        flat = int8_weight_only(x.flatten(0, -2), self.integers, self.scale)
        return flat.unflatten(0, x.shape[:-1])


def with_int8_layers(model: nn.Module) -> nn.Module:
    """Replace every linear layer, in place."""
    plain = [name for name, layer in model.named_modules() if isinstance(layer, nn.Linear)]
    for name in plain:
        model.set_submodule(name, Int8Linear(model.get_submodule(name)))
    return model


def tokens_per_second(model: nn.Module, ids: Tensor, tries: int = 3) -> float:
    """Write some tokens a few times and count the fastest."""

    def once() -> float:
        start = time.perf_counter()
        generate(model, ids, WRITTEN)
        return time.perf_counter() - start

    return WRITTEN / min(once() for _ in range(tries))


if __name__ == "__main__":
    rows = []
    with with_threads(1):
        for name in ("float32", "bfloat16", "int8"):
            dtype = torch.float32 if name == "float32" else torch.bfloat16
            model, tokenizer = load(dtype)
            model = with_int8_layers(model) if name == "int8" else model
            ids = torch.tensor([tokenizer.encode("Once upon a time")])
            megabytes = sum(w.nbytes for w in model.state_dict().values()) / 1e6
            speed = tokens_per_second(model, ids)
            rows.append({"weights": name, "megabytes": megabytes, "speed": round(speed, 1)})
            print(f"{name:>8}: {megabytes:4.0f} MB, {speed:.1f} tokens per second")
