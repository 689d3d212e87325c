"""The calculator lesson for detours around a model that was packed to four bits first.

Source: Dettmers et al. (2023), sections 3 and 4, https://arxiv.org/abs/2305.14314
"""

import torch

from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.calculator_lesson import EXAM_SUMS, teach
from snippets.training.freezing import trainable
from snippets.training.lora import add_lora
from snippets.training.qlora import LINEAR_NAMES, quantize_base

QLORA_RANK, QLORA_ALPHA, QLORA_RATE = 8, 16, 5e-3  # as in lora_lesson.py

if __name__ == "__main__":
    torch.manual_seed(0)  # detours start at random
    model, tokenizer = load()
    quantize_base(model, LINEAR_NAMES)
    add_lora(model, QLORA_RANK, QLORA_ALPHA, ["query", "value"])
    with with_threads(1):
        report = teach(model, tokenizer, QLORA_RATE)
    row = {"trainable": trainable(model), "sums": report.sums, "false": report.false_calls}
    row["loss"] = round(report.last_loss, 2)
    packed = f"around {len(LINEAR_NAMES)} packed layers in each block"
    print(f"{row['trainable']:,} numbers learn, {packed}")
    print(f"{row['sums']} of {EXAM_SUMS} calls right, {row['false']} false calls")
