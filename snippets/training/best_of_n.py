"""Thinking longer in two ways: many quick answers and a checker, or one answer with its steps.

Sources: Snell et al. (2024), https://arxiv.org/abs/2408.03314 (computing at test time); Chen et al.
(2021), section 2.1, https://arxiv.org/abs/2107.03374 (pass@k); Wei et al. (2022),
https://arxiv.org/abs/2201.11903 (steps)
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads
from snippets.training.option_scores import copy_rows, read_prefix
from snippets.training.verifier import (
    DIRECT_SHOTS,
    WORKED_SHOTS,
    calculator_check,
    draw_triples,
    first_accepted,
    first_digits,
    last_number,
    lazy_check,
    majority,
)

SUM_QUESTIONS, ANSWER_COUNTS = 24, (1, 2, 4, 8, 16)
DIRECT_TOKENS, WORKED_TOKENS = 3, 20


@torch.no_grad()
def draw_answers(
    model: Transformer,
    shots: Sequence[int],
    questions: Tensor,
    draws: int,
    new: int,
    generator: torch.Generator,
) -> Tensor:
    """Write several answers to each question at temperature 1; what is shared is read once.

    Args:
        model: A `Transformer`.
        shots: Ids of what stands before all questions.
        questions: `(Q, T)`, int64.
        draws: How many answers to each, n.
        new: Tokens of an answer.
        generator: Where chance comes from.

    Returns:
        `(Q, n, new)`, int64.

    Raises:
        ValueError: If draws or new is below 1.
    """
    if draws < 1 or new < 1:
        raise ValueError(f"wanted at least 1 answer of 1 token, got {draws} of {new}")
    count, length = questions.shape
    cache = copy_rows(read_prefix(model, shots), [0] * count, length)
    logits = model.predict(model.read(questions, cache)[:, -1])  # (Q, V)
    rows = [row for row in range(count) for _ in range(draws)]
    cache, logits, written = copy_rows(cache, rows, new), logits[rows], []  # (Q n, V)
    for place in range(new):
        written.append(torch.multinomial(logits.softmax(-1), 1, generator=generator))
        if place < new - 1:
            logits = model(written[-1], cache)[:, -1]
    return torch.cat(written, 1).view(count, draws, new)


@torch.no_grad()
def chances_of(
    model: Transformer, tokenizer, shots: Sequence[int], questions: Tensor, answers: Sequence[str]
) -> Tensor:
    """Work out, without drawing, how likely it is that each answer is written, `(Q,)`.

    Answers have one or two digits, and no third may follow.
    """
    digits = [tokenizer.ids[digit] for digit in "0123456789"]
    ids = [tokenizer.encode(answer) for answer in answers]
    padded = torch.tensor([(some + some[-1:])[:2] for some in ids])  # (Q, 2)
    cache = copy_rows(read_prefix(model, shots), [0] * len(ids), questions.shape[1] + 2)
    p = model(torch.cat([questions, padded], 1), cache)[:, -3:].softmax(-1)  # (Q, 3, V)
    chances = []
    for row, some in enumerate(ids):
        told = torch.stack([p[row, place, token] for place, token in enumerate(some)]).prod()
        chances.append(told * (1 - p[row, len(some), digits].sum()))
    return torch.stack(chances)


def pass_at(draws: int, right: int, n: int) -> float:
    """Say how often n of some draws, of which so many are right, contain a right one."""
    if not 0 <= right <= draws or not 1 <= n <= draws:
        raise ValueError(f"wanted 0 <= right, n <= {draws}, n >= 1, got {right} and {n}")
    return 1 - math.comb(draws - right, n) / math.comb(draws, n)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    triples, most = draw_triples(SUM_QUESTIONS, 0), ANSWER_COUNTS[-1]
    asked_for = len(triples)
    shots = {"direct": tokenizer.encode(DIRECT_SHOTS), "worked": tokenizer.encode(WORKED_SHOTS)}
    asked = {
        way: torch.tensor([tokenizer.encode("{} + {} + {}".format(*t) + end) for t in triples])
        for way, end in (("direct", " = "), ("worked", ":"))
    }
    with with_threads(1):
        drawn = draw_answers(model, shots["direct"], asked["direct"], most, DIRECT_TOKENS,
                             torch.Generator().manual_seed(0))  # fmt: skip
        chances = chances_of(model, tokenizer, shots["direct"], asked["direct"],
                             [str(sum(t)) for t in triples])  # fmt: skip
        cache = copy_rows(read_prefix(model, shots["worked"]), [0] * SUM_QUESTIONS, 40)
        worked = [model(asked["worked"], cache)[:, -1].argmax(-1)]
        while len(worked) < WORKED_TOKENS:
            worked.append(model(worked[-1][:, None], cache)[:, -1].argmax(-1))
    answers = [[first_digits(tokenizer.decode(ids)) for ids in some] for some in drawn.tolist()]
    steps = [tokenizer.decode(ids).split("\n")[0] for ids in torch.stack(worked, 1).tolist()]

    def share(picks) -> float:
        """Say which share of all questions got the right answer."""
        return sum(map(calculator_check, triples, picks)) / SUM_QUESTIONS

    rights = [
        sum(calculator_check(t, a) for a in some) for t, some in zip(triples, answers, strict=True)
    ]
    rows = []
    for n in ANSWER_COUNTS:
        row = {"n": n, "tokens": n * DIRECT_TOKENS}
        row["checked"] = sum(pass_at(most, right, n) for right in rights) / SUM_QUESTIONS
        row["foretold"] = (1 - (1 - chances) ** n).mean().item()
        row["as if alike"] = 1 - (1 - chances.mean().item()) ** n
        row["lazy"] = share(
            first_accepted(t, a[:n], lazy_check) for t, a in zip(triples, answers, strict=True)
        )
        row["vote"] = share(majority(a[:n]) for a in answers)
        rows.append(row)
        told = ", ".join(f"{k} {row[k]:.0%}" for k in ("checked", "foretold", "lazy", "vote"))
        print(f"best of {n:2}, {row['tokens']:2} tokens: {told}")
    by = {row["n"]: row for row in rows}
    needed = math.ceil(math.log(0.1) / math.log(0.9))  # draws for 90 %, right once in ten
    in_steps = share(map(last_number, steps))
    print(f"one answer in steps, {WORKED_TOKENS} tokens: {in_steps:.0%}, such as{steps[0]!r}")

    figure, ax = plt.subplots(figsize=(6.4, 3.2))
    budgets = [row["tokens"] for row in rows]
    for name, label in (("checked", "a calculator checks"), ("lazy", "a lazy check"),
                        ("vote", "a vote")):  # fmt: skip
        ax.plot(budgets, [row[name] for row in rows], "o-", label=label)
    ax.plot(budgets, [row["foretold"] for row in rows], "k:", label="foretold")
    ax.plot(WORKED_TOKENS, in_steps, "s", color="C4", label="one answer in steps")
    ax.set_xscale("log", base=2)
    ax.set_xticks([*budgets], [str(n) for n in budgets])
    ax.set(title="Sums of three numbers", xlabel="tokens written for each question", ylim=(0, 1))
    ax.set_ylabel("share right")
    ax.legend(loc="upper left")
    plt.show()
