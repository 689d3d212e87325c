"""Fine-tuning a real model three ways: all of it, its last layers, or its last matrix alone.

Source: Howard and Ruder (2018), https://arxiv.org/abs/1801.06146 (fine-tuning a language model);
Yosinski et al. (2014), https://arxiv.org/abs/1411.1792 (which layers to keep)
"""

from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.calculator_lesson import EXAM_SUMS, draw_lessons, examine, teach
from snippets.training.facts_calculator import NEW_OTHER_QUESTIONS
from snippets.training.freezing import free_for_training, trainable

TUNING_RATES = {"full": 1e-4, "last two layers": 5e-4, "head": 1e-3}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    fresh, tokenizer = load()
    others, size_before = len(NEW_OTHER_QUESTIONS), trainable(fresh)
    with with_threads(1):
        before = examine(fresh, tokenizer)
        rows = [{"way": "before", "trainable": 0, "sums": before.sums, "false": before.false_calls}]
        reports = {}
        for way, rate in TUNING_RATES.items():
            model = free_for_training(load()[0], way)
            report = reports[way] = teach(model, tokenizer, rate)
            rows.append({"way": way, "trainable": trainable(model), "sums": report.sums})
            rows[-1] |= {"false": report.false_calls, "loss": round(report.last_loss, 2)}
    by, ways = {row["way"]: row for row in rows}, rows[1:]
    head_times = by["head"]["trainable"] / by["last two layers"]["trainable"]
    first_loss = round(reports["full"].losses[0], 1)
    furthest = TUNING_RATES["full"] * len(reports["full"].losses)
    typical_weight = round(float(fresh.blocks[0].ffn.up.weight.detach().std()), 2)
    for row in rows:
        told = f"{row['sums']:2} of {EXAM_SUMS} calls right, {row['false']} of {others} false calls"
        print(f"{row['way']:16} {row['trainable']:>11,} trainable: {told}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    draw_lessons(ax, reports, "One lesson, three ways")
    plt.show()
