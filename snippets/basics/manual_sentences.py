"""Sentences from two manuals, each with the answer to one question: arrays or networks?

Source: the docstrings of numpy and of torch.nn and torch.optim (both BSD), read where they stand
"""

import random
import re
import zlib
from collections.abc import Sequence

from snippets.basics.picture_names import Labelled
from snippets.retrieval.docstrings import DocEntry, docstring_corpus

NETWORK_MODULES = ("torch.nn.", "torch.optim.")
GIVEAWAYS = re.compile(
    r"\b(pytorch|torch|numpy|np|scipy|tensors?|ndarrays?|arrays?|array_like|cuda)\b", re.IGNORECASE
)
PLAIN_SENTENCE = re.compile(r"[A-Z][A-Za-z,;'() 0-9-]*\.")
FEWEST_WORDS, MOST_WORDS = 6, 14
TOO_ALIKE = 0.6  # words that two sentences share, of all their words


def manual_sentences(entries: Sequence[DocEntry]) -> dict[str, tuple[float, str]]:
    """Cut docstrings into plain sentences, giveaway names replaced by "thing".

    Returns:
        For each sentence 1.0 (networks) or 0.0 (arrays), and the function that it documents.
    """
    found: dict[str, tuple[float, str]] = {}
    for entry in entries:
        networks = entry.name.startswith(NETWORK_MODULES)
        if not networks and not entry.name.startswith("numpy."):
            continue
        function = entry.name.split(".")[-1].lower().strip("_")
        for paragraph in re.split(r"\n\s*\n", entry.text):
            plain = re.sub(r":\w+:|[`*]+", "", " ".join(paragraph.split()))
            for sentence in re.split(r"(?<=\.) ", plain):
                fits = FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS
                if fits and PLAIN_SENTENCE.fullmatch(sentence):
                    text = GIVEAWAYS.sub("thing", sentence)
                    found.setdefault(text, (float(networks), function))
    return found


def split_by_function(
    sentences: dict[str, tuple[float, str]],
) -> tuple[list[Labelled], list[Labelled]]:
    """Keep all sentences about one function on one side, and near copies out of the exam.

    Returns:
        Sentences to learn from and, for the exam, as many of one kind as of the other.

    Raises:
        ValueError: If one of the two kinds is missing in the exam.
    """
    train, held_out = [], []
    for text, (label, function) in sentences.items():
        side = held_out if zlib.crc32(function.encode()) % 4 == 0 else train
        side.append((text, label))
    known = [_words(text) for text, _ in train]
    fresh = [pair for pair in held_out if not any(_alike(_words(pair[0]), k) for k in known)]
    kinds = [[pair for pair in fresh if pair[1] == label] for label in (0.0, 1.0)]
    fewest = min(map(len, kinds))
    if fewest == 0:
        raise ValueError(f"wanted both kinds in the exam, got {[len(kind) for kind in kinds]}")
    chance = random.Random(0)
    chosen = [chance.sample(kind, fewest) for kind in kinds]
    return train, [pair for two in zip(*chosen, strict=True) for pair in two]  # by turns


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def _alike(a: set[str], b: set[str]) -> bool:
    return len(a & b) > TOO_ALIKE * len(a | b)


if __name__ == "__main__":
    train, exam = split_by_function(manual_sentences(docstring_corpus()))
    networks = sum(label == 1.0 for _, label in train)
    rest = len(train) - networks
    print(f"to learn from: {rest} about arrays, {networks} about networks; exam: {len(exam)}")
    for text, label in exam[2:8]:
        print(f"{'networks' if label else 'arrays':>8}  {text}")
