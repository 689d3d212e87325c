"""Transfer learning as a curve: how many labelled examples does a network need that has read?

Sources: Yosinski et al. (2014), https://arxiv.org/abs/1411.1792 (copied layers, frozen or trained
on); Kumar et al. (2022), https://arxiv.org/abs/2202.10054 (first the head, then everything)
"""

import copy
import re
from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Any

import torch
from torch import Tensor, nn

from snippets.basics.picture_names import Labelled, picture_names, split_evenly
from snippets.basics.readers import Reader, fit_head, train_reader
from snippets.model.bert import BertEncoder
from snippets.model.minilm import load_minilm_parts
from snippets.model.wordpiece import WordPiece
from snippets.tools.progress import progress
from snippets.tools.threads import with_threads

NAME_EXAMPLES = (2, 8, 32, 128)
TRANSFER_SEEDS = (0, 1, 2)
LONGEST_READ, FRESH_WIDTH = 16, 64  # tokens of a text; numbers for each
FRESH_RATE, FRESH_STEPS, FULL_RATE = 0.003, 60, 0.0001  # picked on other seeds
WAYS = {
    "counting": "counting words",
    "fresh": "from scratch",
    "frozen": "frozen MiniLM and a head",
    "full": "all of MiniLM trained",
}


def count_words(examples: Sequence[Labelled], texts: Sequence[str]) -> list[float]:
    """Score texts by how often each of their words stood in examples of either kind."""
    counts = {label: Counter() for label in (0.0, 1.0)}
    for text, label in examples:
        counts[label].update(re.findall(r"[a-z]+", text.lower()))
    known = len(counts[0.0] | counts[1.0])
    totals = {label: count.total() + known for label, count in counts.items()}
    return [
        sum(
            log((counts[1.0][word] + 1) / totals[1.0]) - log((counts[0.0][word] + 1) / totals[0.0])
            for word in re.findall(r"[a-z]+", text.lower())
        )
        for text in texts
    ]


def fresh_reader(vocab_size: int, seed: int) -> Reader:
    """Make a small reader that has never read anything."""
    torch.manual_seed(seed)
    encoder = BertEncoder(vocab_size, FRESH_WIDTH, 1, 2, 2 * FRESH_WIDTH, LONGEST_READ)
    nn.init.normal_(encoder.words.weight, std=0.1)
    return Reader(encoder, (torch.zeros(FRESH_WIDTH), torch.zeros(())))


class Task:
    """Texts with answers, an exam, and four ways to learn the one for the other."""

    def __init__(self, parts: tuple[WordPiece, BertEncoder], examples: list, exam: list, seed: int):
        """Let the trained encoder read everything once; it stays as it is."""
        (wordpiece, encoder), self.seed = parts, seed
        self.examples, self.exam = examples, exam
        ids = [wordpiece.encode(text, LONGEST_READ) for text, _ in (*examples, *exam)]
        used = sorted({wordpiece.pad_id, *(n for text in ids for n in text)})
        row = {number: place for place, number in enumerate(used)}
        ids = [[row[n] for n in text] for text in ids]
        self.texts, self.tests = ids[: len(examples)], ids[len(examples) :]
        self.encoder = copy.deepcopy(encoder)  # with the words that occur: no other could learn
        self.encoder.words = nn.Embedding.from_pretrained(encoder.words.weight[used], freeze=False)
        self.labels, answers = (torch.tensor([label for _, label in p]) for p in (examples, exam))
        self.answers = answers > 0
        reader = Reader(self.encoder, (torch.zeros(384), torch.zeros(())))
        with torch.no_grad(), with_threads(1):
            self.vectors, self.test_vectors = reader.vectors(self.texts), reader.vectors(self.tests)

    def share_right(self, way: str, size: int) -> float:
        """Learn from the first `size` examples in one way of WAYS and take the exam.

        Raises:
            ValueError: If there is no such way.
        """
        if way not in WAYS:
            raise ValueError(f"wanted one of {', '.join(WAYS)}, got {way!r}")
        with with_threads(1):  # the same to the last digit everywhere
            scores = self._scores(way, size)
        return ((scores > 0) == self.answers).double().mean().item()

    def _scores(self, way: str, size: int) -> Tensor:
        if way == "counting":
            exam = [text for text, _ in self.exam]
            return torch.tensor(count_words(self.examples[:size], exam))
        texts, labels = self.texts[:size], self.labels[:size]
        if way == "fresh":
            reader = fresh_reader(self.encoder.words.num_embeddings, self.seed)
            plan = (FRESH_RATE, FRESH_STEPS)
        else:
            weight, bias = head = fit_head(self.vectors[:size], labels)
            if way == "frozen":
                return self.test_vectors @ weight + bias
            reader = Reader(copy.deepcopy(self.encoder), head)
            plan = (FULL_RATE, max(8, size // 8))
        train_reader(reader, texts, labels, *plan, self.seed)
        with torch.no_grad():
            return reader(self.tests)


def draw_shares(ax: Any, sizes: Sequence[int], shares: list[list[float]], name: str) -> None:
    """Draw the mean of several seeds against the number of examples, bars from worst to best."""
    columns = [[100 * share for share in column] for column in zip(*shares, strict=True)]
    means = [sum(column) / len(column) for column in columns]
    below = [mean - min(column) for mean, column in zip(means, columns, strict=True)]
    above = [max(column) - mean for mean, column in zip(means, columns, strict=True)]
    ax.errorbar(sizes, means, [below, above], fmt="o-", capsize=3, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.set(xlabel="labelled examples", ylabel="share right, percent")


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    names, parts, right = picture_names(), load_minilm_parts(), {way: [] for way in WAYS}
    for seed in progress(TRANSFER_SEEDS, "seeds"):
        task = Task(parts, *split_evenly(names, NAME_EXAMPLES[-1], 60, seed), seed)
        for way in WAYS:
            right[way].append([round(task.share_right(way, n), 2) for n in NAME_EXAMPLES])
    mean = {way: [sum(n) / 3 for n in zip(*three, strict=True)] for way, three in right.items()}
    for way, name in WAYS.items():
        print(f"{name:>24}: " + ", ".join(f"{share:4.0%}" for share in mean[way]))
    enough = next(
        n for n, x in zip(NAME_EXAMPLES, mean["frozen"], strict=True) if x > mean["fresh"][-1]
    )
    saved, head_size = NAME_EXAMPLES[-1] // enough, parts[1].norm.weight.numel() + 1
    one_word = sum((" " not in name) == (label == 1.0) for name, label in names) / len(names)
    print(f"{'one word means animal':>24}: {one_word:4.0%}")

    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    for way, name in WAYS.items():
        draw_shares(ax, NAME_EXAMPLES, right[way], name)
    ax.set(title="Animal or food?", ylim=(0, 102))
    ax.legend(loc="lower right")
    plt.show()
