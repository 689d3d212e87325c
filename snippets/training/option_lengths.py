"""Two rules of a quiz that change its result: how a question is written, how an option is scored.

Source: Brown et al. (2020), section 2.4, https://arxiv.org/abs/2005.14165 (scores per token, and
other ways to correct for length)
"""

import torch
from torch import Tensor

from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.few_shot import ARROW_LINE, count_hits, quiz_scores

QUESTION_LINE = "Question: What is the capital of {asked}?\nAnswer:{answer}\n"
CAPITAL_SHOTS = CAPITALS[1::18]  # four of them
CAPITALS_ASKED = CAPITALS[::2]


def capital_options(facts: tuple[Capital, ...]) -> list[tuple[str, ...]]:
    """Give each country eight cities: its capital, another city of it, and six other capitals.

    Raises:
        ValueError: If there are not enough countries.
    """
    if len(facts) < 7:
        raise ValueError(f"wanted at least 7 countries, got {len(facts)}")
    others = [
        [facts[(n + 5 * step) % len(facts)] for step in range(1, 7)] for n in range(len(facts))
    ]
    return [
        (f" {fact.capital}", f" {fact.other_city}", *(f" {other.capital}" for other in some))
        for fact, some in zip(facts, others, strict=True)
    ]


def per_token(scores: list[Tensor], options, tokenizer) -> list[Tensor]:
    """Divide each score by the number of tokens of its option."""
    lengths = [torch.tensor([len(tokenizer.encode(o)) for o in some]) for some in options]
    return [score / length for score, length in zip(scores, lengths, strict=True)]


if __name__ == "__main__":
    model, tokenizer = load()
    countries, options = [f.country for f in CAPITALS_ASKED], capital_options(CAPITALS_ASKED)
    shots = [(fact.country, f" {fact.capital}") for fact in CAPITAL_SHOTS]
    rows, asked = [], len(countries)
    with with_threads(1):
        for layout, line in (("country -> capital", ARROW_LINE), ("as a question", QUESTION_LINE)):
            for k in (0, len(shots)):
                scores = quiz_scores(model, tokenizer, shots[:k], countries, options, line)
                summed, mean = count_hits(scores), count_hits(per_token(scores, options, tokenizer))
                rows.append({"layout": layout, "shown": k, "summed": summed, "per_token": mean})
                print(f"{layout}, {k} examples: {summed} of {asked} right by the sum, "
                      f"{mean} per token")  # fmt: skip
