"""A glossary that is checked: letters must fit what they stand for, and every entry has a number.

Source: the sentences are ours; where each number comes from stands beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from snippets.basics.agent import SHOWN_RUNS
from snippets.basics.agent_tools import MENU
from snippets.basics.facts_capitals import CAPITALS
from snippets.basics.facts_history import MILESTONES
from snippets.basics.mcp_messages import ENVELOPE
from snippets.basics.wording import WORDINGS
from snippets.model.smollm2 import load
from snippets.retrieval.fusion import reciprocal_rank_fusion

SMALL_PARTS = {"a", "an", "and", "for", "from", "of", "the", "to"}


@dataclass(frozen=True)
class Term:
    """A word, what its letters stand for (if they do), one sentence, and one number."""

    term: str
    sentence: str
    number: float
    of_what: str
    stands_for: str = ""


def letters_fit(letters: str, words: str) -> bool:
    """Say whether letters are initials of words: in order, and at least one of every big word."""
    initials = ""
    for word in words.split():
        parts = [part[0].lower() for part in word.split("-") if part]
        initials += f"{parts[0]}?" if word.lower() in SMALL_PARTS else parts[0]
        initials += "".join(f"{part}?" for part in parts[1:])
    return re.fullmatch(initials, letters.lower()) is not None


def check_glossary(terms: Sequence[Term]) -> None:
    """Look for entries that are no good.

    Raises:
        ValueError: If a term stands twice, letters do not fit, or an entry is not one sentence.
    """
    seen: set[str] = set()
    for entry in terms:
        if entry.term in seen:
            raise ValueError(f"{entry.term!r} stands there twice")
        seen.add(entry.term)
        if entry.stands_for and not letters_fit(entry.term, entry.stands_for):
            raise ValueError(f"{entry.term} cannot stand for {entry.stands_for!r}")
        if not re.fullmatch(r"[A-Z][^.!?]+\.", entry.sentence):
            raise ValueError(f"{entry.term}: wanted one sentence, got {entry.sentence!r}")


if __name__ == "__main__":
    model, tokenizer = load()
    came_out = {milestone.name: milestone.day.year for milestone in MILESTONES}
    parameters = sum(weight.numel() for weight in model.parameters())
    pieces = len(tokenizer.encode("unbelievable"))
    before = [weight.double().sum().item() for weight in model.parameters()]
    read = tokenizer.encode("Does reading change you?")
    with torch.no_grad():
        model(torch.tensor([read]))
    after = [weight.double().sum().item() for weight in model.parameters()]
    changed = sum(a != b for a, b in zip(before, after, strict=True))
    worth = reciprocal_rank_fusion([["the best page"]])[0][1]
    shown = len(tokenizer.encode("hot -> cold\nbig -> small\nup ->"))
    glossary = [
        Term("token", "A piece of text, a word or less, with a number.", pieces,
             "tokens in \"unbelievable\""),
        Term("parameter", "A number inside the model that training sets.", parameters,
             "in our model"),
        Term("context window", "The most that a model can read at once.", model.config.context,
             "tokens, our model"),
        Term("training", "Changing the parameters until the guesses get better.", parameters,
             "numbers that a step may change"),
        Term("inference", "Using the model as it is.", changed, "weight tables changed by reading"),
        Term("LLM", "A model of text with very many parameters.", came_out["GPT-3"],
             "year of GPT-3", "large language model"),
        Term("GPT", "A transformer that was trained to write on.", came_out["GPT"],
             "year of the first one", "generative pre-trained transformer"),
        Term("foundation model", "A model trained on broad data that many tasks can build upon.",
             came_out['"foundation model"'], "year the term was coined"),
        Term("upstream task", "What a model is first trained on, such as guessing the next token.",
             len(read) - 1, "guesses in \"Does reading change you?\""),
        Term("downstream task", "What somebody wants from the model.", len(CAPITALS),
             "questions in ours, capitals"),
        Term("transfer learning", "Starting a task with what was learned on another one.",
             model.config.n_layers, "layers of ours to start from"),
        Term("fine-tuning", "Training a trained model a little more, for one purpose.",
             len(before), "weight tables it may change"),
        Term("agent", "A model in a loop that picks actions and reads what came of them.",
             len(MENU), "actions on our agent's menu"),
        Term("MCP", "A common language between agents and the tools of others.", len(ENVELOPE),
             "fields in front of each request", "model context protocol"),
        Term("hallucination", "An answer that sounds right and is made up.", len(CAPITALS),
             "questions we measure it with"),
        Term("RAG", "Looking things up and putting them before the question.", 2,
             "pages before each question", "retrieval-augmented generation"),
        Term("hybrid search", "Searching by words and by meaning, and merging the two lists.",
             round(worth, 4), "points for first place in one list"),
        Term("prompt engineering", "Choosing the words of a request so that the answer is good.",
             len(WORDINGS), "wordings of one question, below"),
        Term("few-shot", "Showing examples in the prompt.", shown,
             "tokens, two examples and a question"),
        Term("context engineering", "Choosing everything that stands in the window.",
             len(tokenizer.encode(SHOWN_RUNS)), "tokens before our agent's task"),
    ]  # fmt: skip
    check_glossary(glossary)
    rows = [
        {"term": t.term, "stands_for": t.stands_for, "sentence": t.sentence}
        | {"number": f"{t.number:,}" if t.number > 2100 else f"{t.number}", "of_what": t.of_what}
        for t in glossary
    ]
    numbers = {row["term"]: row["number"] for row in rows}
    fits = {}
    for letters, words in (
        ("LLM", "large language model"), ("LLM", "language model models"),
        ("RAG", "retrieval-augmented generation"), ("RAG", "random answer generator"),
        ("RLHF", "reinforcement learning from human feedback"),
        ("MLA", "multi-head latent attention"), ("GPT", "general purpose technology"),
    ):  # fmt: skip
        fits[f"{letters}: {words}"] = letters_fit(letters, words)
        print(f"{letters:5} {words:44} {'fits' if fits[f'{letters}: {words}'] else 'does not fit'}")
    entries = len(glossary)
    print(f"{entries} entries, each with one sentence and a number")
