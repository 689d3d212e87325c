"""Which words keep company: how much oftener two words stand together than chance would have it.

Source: Church and Hanks (1990), section 4, https://aclanthology.org/J90-1003/ (the logarithm of
this number is their association ratio)
"""

from collections import Counter

from snippets.basics.unseen_triples import plain_words
from snippets.tools.texts import read_plays

REACH = 4  # words to the left, and as many to the right, that count as near


def company_of(word: str, text: list[str], least: int) -> dict[str, float]:
    """Say how many times as often as by chance each other word stands near one word.

    By chance means: if the words of the text were shuffled.

    Args:
        word: Whose company.
        text: All words, in order.
        least: How often two words must have met to be listed; rare meetings prove little.

    Returns:
        For each neighbour observed / expected meetings, largest first.

    Raises:
        ValueError: If the word is not in the text.
    """
    often, met = Counter(text), Counter()
    if word not in often:
        raise ValueError(f"wanted a word of the text, got {word!r}")
    for place, here in enumerate(text):
        if here == word:
            met.update(text[max(place - REACH, 0) : place])
            met.update(text[place + 1 : place + 1 + REACH])
    del met[word]
    room = 2 * REACH * often[word] / len(text)  # meetings to expect of a word, per occurrence
    times = {other: count / (room * often[other]) for other, count in met.items() if count >= least}
    return dict(sorted(times.items(), key=lambda item: -item[1]))


if __name__ == "__main__":
    words = [word for play in read_plays().values() for word in plain_words(play)]
    print(f"{len(words):,} words of Shakespeare; how many times as often near as by chance:")
    company = {}
    for word in ("flesh", "sword", "eyes", "night"):
        best = list(company_of(word, words, least=20).items())[:3]
        company[word] = {other: round(times) for other, times in best}
        print(f"{word}: " + ", ".join(f"{w} {n}" for w, n in company[word].items()))
