"""Retrieval-augmented generation: look it up, lay it before the model, let it answer, cite.

Source: Lewis et al. (2020), https://arxiv.org/abs/2005.11401 (the name); here without training
"""

import re
from collections.abc import Sequence

from snippets.model.smollm2 import load
from snippets.retrieval.answering import answer_all
from snippets.retrieval.bm25 import BM25
from snippets.retrieval.chunks import ENTRIES_READ, best_passages
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_defaults import DEFAULT_QUESTIONS
from snippets.retrieval.hybrid_search import fuse, search_both

OPEN_BOOK = (
    "Answer in a few words from the passages. End with the number of the passage, [1] or [2]."
)
CLOSED_BOOK = "Answer in a few words."


def open_book_prompt(question: str, passages: Sequence[str]) -> list[dict[str, str]]:
    """Write the conversation that a chat model gets: rules, numbered passages, question."""
    numbered = "\n".join(f"[{n}] {passage}" for n, passage in enumerate(passages, 1))
    return [
        {"role": "system", "content": OPEN_BOOK},
        {"role": "user", "content": f"{numbered}\n\n{question}"},
    ]


def is_right(answer: str, accepted: Sequence[str]) -> bool:
    """Check for one of the accepted spellings, standing alone: 0.1 is not in 0.15 or 10.1."""
    answer = re.sub(r"\[\d+\]", "", answer)  # the number of a passage is no answer
    spellings = "|".join(map(re.escape, accepted))
    return re.search(rf"(?<![\w.-])(?:{spellings})(?![\w-]|\.\d)", answer) is not None


def cite(answer: str, passages: Sequence[str]) -> int:
    """Name the passage, from 1, that shares most with an answer: where it probably comes from."""
    return int(BM25(list(passages)).ranking(answer)[0]) + 1


if __name__ == "__main__":
    corpus, (model, tokenizer) = docstring_corpus(), load()
    asked = [known.question for known in DEFAULT_QUESTIONS]
    total = len(asked)
    found = [fuse(pair)[:ENTRIES_READ] for pair in search_both(corpus, asked)]
    passages = [
        best_passages(question, [corpus[n] for n in numbers])
        for question, numbers in zip(asked, found, strict=True)
    ]
    alone = [
        [{"role": "system", "content": CLOSED_BOOK}, {"role": "user", "content": question}]
        for question in asked
    ]
    read = [open_book_prompt(q, p) for q, p in zip(asked, passages, strict=True)]
    answers = {"closed": answer_all(model, tokenizer, alone)}
    answers["open"] = answer_all(model, tokenizer, read)

    right = {
        way: [is_right(a, known.accepted) for a, known in zip(some, DEFAULT_QUESTIONS, strict=True)]
        for way, some in answers.items()
    }
    counts = {way: sum(marks) for way, marks in right.items()}
    holds = [
        [k.stands_in(p) for p in some] for k, some in zip(DEFAULT_QUESTIONS, passages, strict=True)
    ]
    shown = [any(marks) for marks in holds]
    evidence_shown = sum(shown)
    right_if_shown = sum(r for r, s in zip(right["open"], shown, strict=True) if s)
    own_marks = sum("[1]" in answer or "[2]" in answer for answer in answers["open"])
    well_cited = first_cited = 0
    for marks, some, answer, good in zip(
        holds, passages, answers["open"], right["open"], strict=True
    ):
        well_cited += good and marks[cite(answer, some) - 1]
        first_cited += good and marks[0]
    print(f"right of {total}: closed book {counts['closed']}, open book {counts['open']}")
    print(f"passages hold the answer: {evidence_shown}; of those, answered right: {right_if_shown}")
    print(f"numbers that the model gave itself: {own_marks}")
    print(f"of {counts['open']} right ones, the cited passage says so: {well_cited}")
    print(f"the same if always the first passage were cited: {first_cited}")
    for n in (0, 9, 14):
        print(f"{asked[n]}\n  closed: {answers['closed'][n]}\n  open:   {answers['open'][n]}")
