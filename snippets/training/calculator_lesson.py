"""One lesson for all methods: some steps of practice, then an exam in questions never seen.

Source: the task is calculator_task.py; the exam counts exact answers, as Schick et al. (2023) do,
https://arxiv.org/abs/2302.04761
"""

import random
from dataclasses import dataclass

import torch
from torch import nn

from snippets.model.smollm2 import load
from snippets.training.calculator_task import draw_lesson, draw_sums
from snippets.training.facts_calculator import NEW_OTHER_QUESTIONS, NEW_PHRASINGS
from snippets.training.supervised import Example, fine_tune, would_write

LESSON_STEPS, LESSON_BATCH, LESSON_WARM_UP = 16, 4, 3
EXAM_SUMS = 32


@dataclass(frozen=True)
class Report:
    """What came of a lesson."""

    losses: list[float]  # nats per answer token, one for each step
    sums: int  # of EXAM_SUMS, how many calls were right to the letter
    false_calls: int  # of NEW_OTHER_QUESTIONS, how many got a call instead of an answer
    openings: list[str]  # the first token of the answer to each of them

    @property
    def last_loss(self) -> float:
        """Mean loss of the last four steps."""
        return sum(self.losses[-4:]) / len(self.losses[-4:])


def as_example(tokenizer, question: str, answer: str) -> Example:
    """Lay out a question as a chat does, and its answer up to the end mark.

    The greeting of the house, which a chat begins with, is left out: it would double the work.
    """
    prompt = tokenizer.chat([{"role": "user", "content": question}])
    prompt = prompt[prompt.index(tokenizer.bos_id, 1) :]
    return prompt, [*tokenizer.encode(answer), tokenizer.eos_id]


def teach(model, tokenizer, rate: float, share_of_others: float = 0.5, seed: int = 0) -> Report:
    """Give the lesson to what is trainable in a model, and examine it; errors as in `fine_tune`."""
    lesson = [
        as_example(tokenizer, *pair)
        for pair in draw_lesson(LESSON_STEPS * LESSON_BATCH, share_of_others, seed)
    ]
    batches = [lesson[n : n + LESSON_BATCH] for n in range(0, len(lesson), LESSON_BATCH)]
    return examine(model, tokenizer, fine_tune(model, batches, rate, LESSON_STEPS, LESSON_WARM_UP))


@torch.no_grad()
def examine(model: nn.Module, tokenizer, losses: list[float] | None = None) -> Report:
    """Ask for 32 new sums in new words, and for what is no sum."""
    sums = draw_sums(NEW_PHRASINGS, EXAM_SUMS, random.Random(1))
    right = sum(would_write(model, [as_example(tokenizer, *pair) for pair in sums]))
    openings = []
    for question in NEW_OTHER_QUESTIONS:
        prompt, _ = as_example(tokenizer, question, "")
        last = model.predict(model.read(torch.tensor([prompt]))[:, -1])  # (1, V)
        openings.append(tokenizer.decode([int(last.argmax())]))
    call = tokenizer.decode(tokenizer.encode("CALC(")[:1])
    return Report(losses or [], right, openings.count(call), openings)


def draw_lessons(ax, reports: dict[str, Report], title: str) -> None:
    """Draw the loss of every lesson by step."""
    for way, report in reports.items():
        ax.plot(range(1, len(report.losses) + 1), report.losses, label=way)
    ax.set(title=title, xlabel="step", ylabel="nats per answer token", ylim=0)
    ax.legend()


if __name__ == "__main__":
    model, tokenizer = load()
    prompt, answer = as_example(tokenizer, "What is 17 plus 25?", "CALC(17+25)")
    print(tokenizer.decode(prompt) + "[" + tokenizer.decode(answer) + "]")
    practice = LESSON_STEPS * LESSON_BATCH
    untaught = examine(model, tokenizer)
    print(f"untaught, it calls the calculator in {untaught.sums} of {EXAM_SUMS} sums")
    print("its other answers begin with", *map(repr, untaught.openings))
