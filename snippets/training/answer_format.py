"""Ask for a form: how the probabilities of the first token of an answer move.

Source: Zhou et al. (2023), https://arxiv.org/abs/2311.07911 (instructions about form that a program
can check)
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.option_scores import score_options

FORMS = {
    "nothing": "",
    "one word": " Answer in one word.",
    "a sentence": " Answer in a full sentence.",
    "a list": " Answer with a list of bullet points.",
}
FORM_FACTS = CAPITALS[2::3]
BULLETS = ("-", "*", "1", "\u2022")


def first_tokens(tokenizer, fact: Capital) -> list[list[int]]:
    """Name tokens that an answer may begin with: the capital's, a sentence's, a list's."""
    city = {tokenizer.encode(fact.capital)[0]}
    sentence = {tokenizer.encode(text)[0] for text in ("The", fact.country)} - city
    bullets = {tokenizer.encode(mark)[0] for mark in BULLETS} - city - sentence
    return [sorted(some) for some in (city, sentence, bullets)]


def beginnings(model, tokenizer, form: str, facts: Sequence[Capital]) -> Tensor:
    """Say how answers begin: with the capital, as a sentence, as a list, otherwise.

    Returns:
        `(N, 4)`, probabilities.

    Raises:
        ValueError: If there is nothing to ask.
    """
    if not facts:
        raise ValueError("wanted at least one country to ask about, got none")
    prompts, kinds = [], [first_tokens(tokenizer, fact) for fact in facts]
    for fact in facts:
        question = f"What is the capital of {fact.country}?{form}"
        prompts.append(tokenizer.chat([{"role": "user", "content": question}]))
    options = [[[token] for kind in some for token in kind] for some in kinds]
    scores = score_options(model, (), prompts, options)
    told = torch.stack(
        [
            torch.stack([part.exp().sum() for part in score.split([len(kind) for kind in some])])
            for score, some in zip(scores, kinds, strict=True)
        ]
    )  # (N, 3)
    return torch.cat([told, 1 - told.sum(1, keepdim=True)], dim=1)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    kinds, rows = ("the capital", "a sentence", "a list", "anything else"), []
    figure, ax = plt.subplots(figsize=(6.4, 2.6))
    with with_threads(1):
        for height, (name, form) in enumerate(FORMS.items()):
            told = beginnings(model, tokenizer, form, FORM_FACTS).mean(0)  # (4)
            shares = [round(share, 2) for share in told.tolist()]
            rows.append({"form": name} | dict(zip(kinds, shares, strict=True)))
            print(f"asked for {name}:", *(f"{kind} {rows[-1][kind]:.0%}," for kind in kinds))
            for number, kind in enumerate(kinds):
                left, label = sum(shares[:number]), None if height else kind
                ax.barh(height, shares[number], left=left, color=f"C{number}", label=label)
    ax.set_yticks(range(len(rows)), [row["form"] for row in rows])
    ax.invert_yaxis()
    ax.set(title="How an answer begins, by the form asked for", xlim=(0, 1), xlabel="probability")
    figure.legend(loc="outside lower center", ncols=4)
    plt.show()
