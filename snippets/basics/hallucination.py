"""How often a real model invents a capital: by heart, with a page to read, or allowed to pass.

Sources: Ji et al. (2022), https://arxiv.org/abs/2202.03629 (what the word means); Kamath et al.
(2020), https://arxiv.org/abs/2006.09462 (to answer only above a bar, set on other questions)
"""

from collections.abc import Sequence

import torch

from snippets.basics.capitals_quiz import BRIEF, Answer, chat_prompt, find_pages, names_capital
from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.model.left_padding import pad_left, until_stop, write_batch
from snippets.model.smollm2 import load
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import Transformer

TOKENS_OF_ANSWER = 10
MAY_PASS = "If you are not sure, answer: I don't know."
OTHER_PAGES = tuple(f"{fact.other_city} is a city in {fact.country}." for fact in CAPITALS)


def ask_capitals(
    model: Transformer,
    tokenizer: SmolTokenizer,
    facts: Sequence[Capital],
    pages: Sequence[str] = (),
) -> list[Answer]:
    """Ask for capitals; the model goes on behind words such as "The capital of Chile is".

    Args:
        model: Writes the answers.
        tokenizer: Its tokenizer.
        facts: What to ask about.
        pages: Where to look for two that are put before each question; none: by heart.

    Raises:
        ValueError: If there is nothing to ask.
    """
    if not facts:
        raise ValueError("wanted at least one country to ask about, got none")
    prompts = []
    for fact in facts:
        question = f"What is the capital of {fact.country}?"
        before = "".join(f"{page}\n" for page in find_pages(question, pages)) if pages else ""
        prompt = chat_prompt(tokenizer, BRIEF, before + question)
        prompts.append(prompt + tokenizer.encode(f"The capital of {fact.country} is"))
    written = write_and_weigh(model, prompts, TOKENS_OF_ANSWER, tokenizer.eos_id)
    answers = []
    for fact, (tokens, confidence) in zip(facts, written, strict=True):
        text = tokenizer.decode([token for token in tokens if token != tokenizer.eos_id]).strip()
        answers.append(Answer(text, confidence, names_capital(text, fact)))
    return answers


@torch.no_grad()
def write_and_weigh(
    model, prompts: list[list[int]], longest: int, stop: int
) -> list[tuple[list[int], float]]:
    """Write on behind every prompt, always the likeliest token, and note how likely each was.

    Returns:
        For each prompt its new tokens, up to the stop, and the mean of their log-probabilities.
    """
    unread, readable = pad_left(prompts, stop)  # (B, T)
    cache = model.new_cache(len(prompts), unread.shape[1] + longest)
    tokens, weights = [], []
    for _ in range(longest):
        logits = model.predict(model.read(unread, cache, readable)[:, -1])  # (B, V)
        best = logits.log_softmax(-1).max(-1)
        tokens.append(best.indices)
        weights.append(best.values)
        unread = best.indices[:, None]
        readable = torch.nn.functional.pad(readable, (0, 1), value=True)
        if (torch.stack(tokens) == stop).any(0).all():
            break
    rows = [until_stop(row, stop) for row in torch.stack(tokens, 1).tolist()]
    likely = torch.stack(weights, 1)  # (B, new)
    return [
        (row, chances[: len(row)].mean().item()) for row, chances in zip(rows, likely, strict=True)
    ]


def lowest_bar(answers: Sequence[Answer], most_wrong: float) -> float:
    """Find the lowest confidence from which on at most this share of the answers is wrong.

    If there is none, the result is infinity: say nothing.
    """
    ordered = sorted(answers, key=lambda answer: -answer.confidence)
    wrong, bar = 0, float("inf")
    for count, answer in enumerate(ordered, 1):
        wrong += not answer.right
        if wrong <= most_wrong * count:
            bar = answer.confidence
    return bar


def share_wrong(answers: Sequence[Answer]) -> float:
    """Say which share of some answers is wrong; 0 if there are none."""
    return sum(not answer.right for answer in answers) / max(len(answers), 1)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, tokenizer = load()
    tuned_on, reported = CAPITALS[::2], CAPITALS[1::2]
    by_heart = ask_capitals(model, tokenizer, tuned_on), ask_capitals(model, tokenizer, reported)
    as_asked = [f"The capital of {fact.country} is {fact.capital}." for fact in CAPITALS]
    turned_round = [f"{fact.capital} is the capital of {fact.country}." for fact in CAPITALS]
    read = ask_capitals(model, tokenizer, reported, (*as_asked, *OTHER_PAGES))
    turned = ask_capitals(model, tokenizer, reported, (*turned_round, *OTHER_PAGES))
    bar = lowest_bar(by_heart[0], most_wrong=0.1)
    sure = [answer for answer in by_heart[1] if answer.confidence >= bar]
    pleas = [
        chat_prompt(tokenizer, f"{BRIEF} {MAY_PASS}", f"What is the capital of {fact.country}?")
        for fact in reported
    ]
    replies = [tokenizer.decode(row) for row in write_batch(model, pleas, 12, tokenizer.eos_id)]
    passes = sum("know" in reply or "sure" in reply for reply in replies)

    found = [find_pages(f"What is the capital of {f.country}?", as_asked, 1)[0] for f in CAPITALS]
    hits, answered = sum(map(str.__eq__, found, as_asked)), len(sure) / len(reported)
    could_be = round(1 - 0.05 ** (1 / len(sure)), 2)  # with none wrong, 19 times out of 20
    asked, half, height_of_bar = len(CAPITALS), len(reported), round(bar, 1)
    kinds = {
        "by heart": by_heart[1],
        "with the page": read,
        "with the page, turned round": turned,
        "by heart, sure ones only": sure,
    }
    rows = [
        {"how": how, "answered": len(some), "wrong": sum(not a.right for a in some)}
        | {"share": share_wrong(some)}
        for how, some in kinds.items()
    ]
    for row in rows:
        print(f"{row['how']:27} {row['wrong']:2} wrong of {row['answered']}: {row['share']:.0%}")
    print(f"asked to say if it does not know, it did so {passes} times of {len(replies)}")
    told = dict(zip((fact.country for fact in CAPITALS[1::2]), by_heart[1], strict=True))
    told |= dict(zip((fact.country for fact in CAPITALS[::2]), by_heart[0], strict=True))
    named = ("Iceland", "Finland", "Botswana", "Mongolia")
    inventions = {name: told[name].text.rstrip(".") for name in named}
    print(*(f"capital of {name}: {text}" for name, text in inventions.items()), sep="\n")
    helped = sum(b.right and not a.right for a, b in zip(by_heart[1], read, strict=True))
    spoiled = sum(a.right and not b.right for a, b in zip(by_heart[1], read, strict=True))
    everything = share_wrong([*by_heart[0], *by_heart[1]])

    figure, ax = plt.subplots(figsize=(6.4, 2.2))
    for height, right in enumerate((False, True)):
        dots = [answer.confidence for answer in by_heart[1] if answer.right == right]
        spread = [height + 0.07 * (number % 5 - 2) for number in range(len(dots))]
        ax.plot(dots, spread, "o", label="right" if right else "wrong")
    ax.axvline(bar, color="gray", linestyle="--")
    ax.set(title="The second half, by heart; the bar is from the first", ylim=(-0.5, 1.5))
    ax.set(xlabel="mean log-probability of the answer's tokens")
    ax.set_yticks((0, 1), ("wrong", "right"))
    plt.show()
