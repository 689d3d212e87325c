"""The same lesson for virtual tokens: in every layer, or at the input only.

Sources: Li and Liang (2021), section 4, https://arxiv.org/abs/2101.00190 (prefix tuning);
Lester et al. (2021), section 2, https://arxiv.org/abs/2104.08691 (prompt tuning)
"""

import torch

from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.calculator_lesson import EXAM_SUMS, draw_lessons, examine, teach
from snippets.training.freezing import trainable
from snippets.training.virtual_tokens import PrefixTuning, PromptTuning

VIRTUAL_TOKENS = 20
FIRST_WORDS = "Write every sum as a call of the calculator. Answer other questions as usual. "
VIRTUAL_WAYS = {"prefix tuning": (PrefixTuning, 0.03), "prompt tuning": (PromptTuning, 0.03)}


def first_ids(tokenizer, count: int = VIRTUAL_TOKENS) -> torch.Tensor:
    """Take the ids `(count,)` that virtual tokens start from: an instruction in plain words.

    Raises:
        ValueError: If count is below 1.
    """
    if count < 1:
        raise ValueError(f"wanted at least 1 virtual token, got {count}")
    ids = tokenizer.encode(FIRST_WORDS)
    return torch.tensor((ids * (count // len(ids) + 1))[:count])


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rows, reports = [], {}
    with with_threads(1):
        for way, (kind, rate) in VIRTUAL_WAYS.items():
            model, tokenizer = load()
            tuned = kind(model, first_ids(tokenizer))
            if not reports:  # untrained, both are as if the words had been typed
                in_words = examine(tuned, tokenizer).sums
            report = reports[way] = teach(tuned, tokenizer, rate)
            rows.append({"way": way, "trainable": trainable(tuned), "sums": report.sums})
            rows[-1] |= {"false": report.false_calls, "loss": round(report.last_loss, 2)}
    first_loss, told_first = round(reports["prompt tuning"].losses[0], 1), FIRST_WORDS[:44]
    times = rows[0]["trainable"] / rows[1]["trainable"]
    kilobytes = rows[1]["trainable"] * 4 / 1000
    print(f"in words, untrained: {in_words} of {EXAM_SUMS} calls right")
    for row in rows:
        told = f"{row['sums']} of {EXAM_SUMS} calls right, {row['false']} false calls"
        print(f"{row['way']}, {row['trainable']:,} numbers: {told}")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    draw_lessons(ax, reports, "Learned words")
    plt.show()
