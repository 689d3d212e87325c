"""What LoRA saves of the arithmetic: one of the three products of every frozen layer.

Source: Hu et al. (2021), section 4.2, https://arxiv.org/abs/2106.09685 (25 % faster on GPT-3);
Kaplan et al. (2020), https://arxiv.org/abs/2001.08361 (2 and 4 operations for each parameter)
"""

import torch
from torch.utils.flop_counter import FlopCounterMode

from snippets.basics.learning import wrongness
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.training.lora import add_lora


def step_flops(model: Transformer, ids: torch.Tensor) -> dict[str, int]:
    """Count the operations of one step on ids `(B, T + 1)`, by forward and backward.

    Raises:
        ValueError: If there is nothing to guess.
    """
    if ids.ndim != 2 or ids.shape[1] < 2:
        raise ValueError(f"wanted ids (B, T + 1) with T >= 1, got {tuple(ids.shape)}")
    forward, backward = FlopCounterMode(display=False), FlopCounterMode(display=False)
    with forward:
        loss = wrongness(model, ids)
    with backward:
        loss.backward()
    return {"forward": forward.get_total_flops(), "backward": backward.get_total_flops()}


if __name__ == "__main__":
    model, _ = load()
    torch.manual_seed(0)
    ids = torch.randint(model.config.vocab_size, (1, 33))
    flops = {"full": step_flops(model, ids)}
    flops["LoRA"] = step_flops(add_lora(model, 8, 16, ["query", "value"]), ids)
    for way, some in flops.items():
        print(f"{way:4} forward {some['forward'] / 1e9:.1f}, backward {some['backward'] / 1e9:.1f}"
              " billion operations")  # fmt: skip
    total = {way: sum(some.values()) for way, some in flops.items()}
    share = round(total["LoRA"] / total["full"], 3)
    print(f"LoRA needs {share:.0%} of the arithmetic")
