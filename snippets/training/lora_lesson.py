"""The calculator lesson for detours alone: LoRA at the queries and values of a frozen model.

Source: Hu et al. (2021), section 4.2, https://arxiv.org/abs/2106.09685
"""

import torch

from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.calculator_lesson import EXAM_SUMS, draw_lessons, examine, teach
from snippets.training.freezing import trainable
from snippets.training.lora import LoRALinear, add_lora, merge_lora

LORA_RANK, LORA_ALPHA, LORA_RATE = 8, 16, 5e-3
LORA_TARGETS = ("query", "value")

if __name__ == "__main__":
    import matplotlib.pyplot as plt

    torch.manual_seed(0)  # detours start at random
    model, tokenizer = load()
    size = sum(weight.numel() for weight in model.parameters())
    add_lora(model, LORA_RANK, LORA_ALPHA, LORA_TARGETS)
    learning = trainable(model)
    wrapped = sum(isinstance(layer, LoRALinear) for layer in model.modules())
    with with_threads(1):
        report = teach(model, tokenizer, LORA_RATE)
        merged = examine(merge_lora(model), tokenizer)
    row = {"trainable": learning, "sums": report.sums, "false": report.false_calls}
    row |= {"loss": round(report.last_loss, 2), "merged": merged.sums}
    share, megabytes, model_megabytes = learning / size, learning * 4 / 1e6, size * 4 / 1e6
    print(f"{learning:,} numbers learn, in detours at {wrapped} layers")
    print(f"{row['sums']} of {EXAM_SUMS} calls right, {row['false']} false calls")
    print(f"merged into the weights: {row['merged']} of {EXAM_SUMS} calls right")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    draw_lessons(ax, {"LoRA": report}, "A lesson for the detours")
    plt.show()
