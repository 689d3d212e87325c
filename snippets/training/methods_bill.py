"""What a step of each method costs on the real model: full, last layers, LoRA, QLoRA.

Source: Dettmers et al. (2023), figure 1, https://arxiv.org/abs/2305.14314 (the same comparison)
"""

import torch

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.training.freezing import free_for_training
from snippets.training.lora import add_lora
from snippets.training.qlora import LINEAR_NAMES, quantize_base
from snippets.training.step_bill import batch_to_pay, step_bill

MEASURES = True


def detours_for_bill(model: Transformer, packed: bool) -> Transformer:
    """Give queries and values a detour; if packed, all linear layers shrink to four bits first."""
    if packed:
        quantize_base(model, LINEAR_NAMES)
    return add_lora(model, 8, 16, ["query", "value"])


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    torch.manual_seed(0)
    makers = {
        "full": lambda m: free_for_training(m, "full"),
        "last two layers": lambda m: free_for_training(m, "last two layers"),
        "LoRA": lambda m: detours_for_bill(m, packed=False),
        "QLoRA": lambda m: detours_for_bill(m, packed=True),
    }
    rows = []
    for way, make in makers.items():
        model = make(load()[0])
        rows.append({"way": way} | step_bill(model, *batch_to_pay(model.config.vocab_size)))
        parts = ("weights", "gradients", "state", "kept")
        told = ", ".join(f"{part} {rows[-1][part] / 1e6:.0f}" for part in parts)
        print(f"{way:16} {told} MB; {rows[-1]['seconds']:.2f} s a step")
    by = {row["way"]: row for row in rows}
    qlora_times = by["QLoRA"]["seconds"] / by["LoRA"]["seconds"]
    full_times = sum(by["full"][p] for p in parts[:3]) / by["full"]["weights"]

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for way, row in by.items():
        left = 0.0
        for number, part in enumerate(parts):
            label = {"state": "optimizer", "kept": "kept for the way back"}.get(part, part)
            ax.barh(way, row[part] / 1e6, left=left, color=f"C{number}", label=label)
            left += row[part] / 1e6
        if way == "full":
            ax.legend()
    ax.invert_yaxis()
    ax.set(title="What lies in memory during a step", xlabel="MB")
    plt.show()
