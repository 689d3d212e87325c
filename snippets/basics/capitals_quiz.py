"""What a quiz about capitals needs: questions, pages to look things up in, and a judge.

Source: Rajpurkar et al. (2016), section 6.1, https://arxiv.org/abs/1606.05250 (answers compared as
plain text)
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from snippets.basics.facts_capitals import CAPITALS, Capital
from snippets.retrieval.bm25 import BM25

BRIEF = "Answer in a few words."


@dataclass(frozen=True)
class Answer:
    """What the model said, how sure it was of its words, and whether it was right."""

    text: str
    confidence: float  # mean log-probability of its tokens, the end mark included
    right: bool


def names_capital(text: str, fact: Capital) -> bool:
    """Say whether a capital stands in a text as a word; accents and case do not matter."""
    names = "|".join(re.escape(plain_letters(name)) for name in (fact.capital, *fact.also))
    return re.search(rf"\b(?:{names})\b", plain_letters(text)) is not None


def plain_letters(text: str) -> str:
    """Lower-case a text and take off its accents."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def find_pages(question: str, pages: Sequence[str], count: int = 2) -> list[str]:
    """Find the pages that share the most telling words with a question, best first."""
    return [pages[number] for number in BM25(list(pages)).ranking(question)[:count]]


def chat_prompt(tokenizer, system: str, question: str) -> list[int]:
    """Lay out one question as a chat, with an instruction before it."""
    roles = (("system", system), ("user", question))
    return tokenizer.chat([{"role": role, "content": text} for role, text in roles])


if __name__ == "__main__":
    pages = [f"The capital of {fact.country} is {fact.capital}." for fact in CAPITALS]
    question = "What is the capital of Morocco?"
    found = find_pages(question, pages)
    morocco = next(fact for fact in CAPITALS if fact.country == "Morocco")
    judged = {text: names_capital(text, morocco) for text in ("RABAT!", "Rabatit", "Casablanca")}
    print(question, *found, judged, sep="\n")
