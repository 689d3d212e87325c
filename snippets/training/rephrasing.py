"""The same question in other words, and the same words in another layout: which moves the answers?

Source: Sclar et al. (2023), https://arxiv.org/abs/2310.11324 (layouts with the same meaning)
"""

from collections.abc import Sequence

from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.model.smollm2 import load
from snippets.tools.threads import with_threads
from snippets.training.few_shot import count_hits, quiz_scores, wilson_interval
from snippets.training.option_lengths import capital_options

PLAIN_WORDING, PLAIN_LAYOUT = "What is the capital of {asked}?", "Question: {}\nAnswer:{answer}"
REWORDINGS = (
    PLAIN_WORDING,
    "Which city is the capital of {asked}?",
    "Can you name the city that is the capital of {asked}?",
    "What is the name of {asked}'s capital city?",
    "Please tell me the capital of {asked}.",
    "I forgot the capital of {asked}. Which city is it?",
)
LAYOUTS = (
    PLAIN_LAYOUT,
    "Q: {}\nA:{answer}",
    "question: {} answer:{answer}",
    "{}{answer}",
    "- {}\n-{answer}",
)
REPHRASED = CAPITALS[::2] + CAPITALS[1:9:2]  # forty of them


def hits_by_line(model, tokenizer, lines: Sequence[str], facts: tuple[Capital, ...]) -> list[int]:
    """Ask for all capitals in every line's way, without examples; count right answers.

    Raises:
        ValueError: If there is no line, or as in `quiz_scores`.
    """
    if not lines:
        raise ValueError("wanted at least one way to ask, got none")
    countries, options = [fact.country for fact in facts], capital_options(facts)
    return [
        count_hits(quiz_scores(model, tokenizer, (), countries, options, line)) for line in lines
    ]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    lines = [PLAIN_LAYOUT.replace("{}", wording) for wording in REWORDINGS]
    lines += [layout.replace("{}", PLAIN_WORDING) for layout in LAYOUTS[1:]]
    with with_threads(1):
        hits = hits_by_line(model, tokenizer, lines, REPHRASED)
    asked, words = len(REPHRASED), len(REWORDINGS)
    rows = [
        {"line": line.replace("{asked}", "...").replace("{answer}", ""), "right": right}
        for line, right in zip(lines, hits, strict=True)
    ]
    for row in rows:
        print(f"{row['right']} of {asked}: {row['line']!r}")
    kinds = {"other words": hits[:words], "other layout": [hits[0], *hits[words:]]}
    spread = {kind: (min(some), max(some)) for kind, some in kinds.items()}
    low, high = (round(100 * end) for end in wilson_interval(hits[0], asked))
    for kind, (fewest, most) in spread.items():
        print(f"{kind}: {fewest} to {most}")
    print(f"the first, with its interval: {low} to {high} percent")

    figure, ax = plt.subplots(figsize=(6.4, 2.2))
    for height, some in enumerate(kinds.values()):
        ax.plot([100 * right / asked for right in some], [height] * len(some), "o", alpha=0.6)
    ax.set_yticks(range(len(kinds)), list(kinds))
    ax.set(title="Forty capitals, asked in ten ways", ylim=(-0.5, 1.5))
    ax.set(xlabel="right answers, percent", xlim=(0, 100))
    plt.show()
