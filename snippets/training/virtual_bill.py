"""What a step costs on the real model when only virtual tokens learn.

Source: Li and Liang (2021), section 4, https://arxiv.org/abs/2101.00190; Lester et al. (2021),
section 2, https://arxiv.org/abs/2104.08691
"""

import torch

from snippets.model.smollm2 import load
from snippets.training.step_bill import batch_to_pay, step_bill
from snippets.training.virtual_tokens import PrefixTuning, PromptTuning

MEASURES = True

if __name__ == "__main__":
    torch.manual_seed(0)
    rows = []
    for way, kind in (("prefix tuning", PrefixTuning), ("prompt tuning", PromptTuning)):
        model, _ = load()
        first = torch.randint(model.config.vocab_size, (20,))
        bill = step_bill(kind(model, first), *batch_to_pay(model.config.vocab_size))
        rows.append({"way": way} | bill)
        told = ", ".join(f"{part} {bill[part]:,}" for part in ("gradients", "state"))
        print(f"{way}: {told} bytes; {bill['seconds']:.2f} s a step")
