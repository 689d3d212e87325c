"""Teach a model one thing only, and look what becomes of everything else.

Source: McCloskey and Cohen (1989), https://doi.org/10.1016/S0079-7421(08)60536-8 (the name:
catastrophic interference)
"""

from functools import partial

import torch

from snippets.model.left_padding import write_batch
from snippets.model.smollm2 import load
from snippets.tools.perplexity import perplexity
from snippets.tools.texts import read_play
from snippets.tools.threads import with_threads
from snippets.training.calculator_lesson import EXAM_SUMS, as_example, examine, teach
from snippets.training.facts_calculator import NEW_OTHER_QUESTIONS

PROSE_TOKENS = 512
ALL_WEIGHTS_RATE = 1e-4  # as in fine_tuning.py


def answers_to(model, tokenizer, questions: tuple[str, ...]) -> list[str]:
    """Let a model answer in 12 tokens at most."""
    prompts = [as_example(tokenizer, question, "")[0] for question in questions]
    written = write_batch(model, prompts, 12, tokenizer.eos_id)
    return [tokenizer.decode(row).removesuffix("<|im_end|>") for row in written]


def prose_perplexity(model, tokenizer) -> float:
    """Say how much a page of Hamlet surprises a model that has read such things before."""
    page = read_play("hamlet")[20_000:24_000]
    return perplexity(model, torch.tensor(tokenizer.encode(page)[:PROSE_TOKENS]))


if __name__ == "__main__":
    rows, said = [], {}
    with with_threads(1):
        model, tokenizer = load()
        sums_only = partial(teach, rate=ALL_WEIGHTS_RATE, share_of_others=0)
        for name, lesson in (("before", examine), ("sums only", sums_only)):
            report = lesson(model, tokenizer)
            rows.append({"lesson": name, "sums": report.sums, "false": report.false_calls})
            rows[-1]["perplexity"] = round(prose_perplexity(model, tokenizer), 1)
            said[name] = answers_to(model, tokenizer, NEW_OTHER_QUESTIONS[:3])
    by = {row["lesson"]: row for row in rows}
    for row in rows:
        false = f"{row['false']} of {len(NEW_OTHER_QUESTIONS)} others called"
        sums = f"{row['sums']:2} of {EXAM_SUMS} sums"
        print(f"{row['lesson']:9} {sums}, {false}; perplexity {row['perplexity']}")
    for number, question in enumerate(NEW_OTHER_QUESTIONS[:3]):
        print(question)
        for name, answers in said.items():
            print(f"    {name:9} {answers[number]!r}")
