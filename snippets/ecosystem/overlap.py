"""If you have the training text, look: does it share a run of words with the exam?

Source: Brown et al. (2020), appendix C, https://arxiv.org/abs/2005.14165 (runs of 8 to 13 words)
"""

from collections.abc import Sequence

from snippets.ecosystem.leaky_models import LEAK_SEEDS, plan_leak


def word_runs(words: Sequence, length: int) -> set[tuple]:
    """Collect all runs of `length` words.

    Raises:
        ValueError: If a run would be empty.
    """
    if length < 1:
        raise ValueError(f"wanted runs of a word or more, got {length}")
    return set(zip(*(words[n:] for n in range(length)), strict=False))


def shares_a_run(passages: Sequence[Sequence], known: set[tuple], length: int) -> list[bool]:
    """Say for each passage whether one of its runs is among the known ones."""
    return [not word_runs(passage, length).isdisjoint(known) for passage in passages]


if __name__ == "__main__":
    ours = ["to", "be", "or", "not", "to", "be", "that", "is", "the", "question"]
    theirs = ["whether", "to", "be", "or", "not", "to", "stay"]
    common = word_runs(ours, 5) & word_runs(theirs, 5)
    print(f"runs of 5 in common: {[' '.join(run) for run in common]}")
    leaks, rows = [plan_leak(seed) for seed in range(LEAK_SEEDS)], []
    for length in (2, 3, 5, 8, 13):
        row: dict[str, float] = {"length": length}
        for leak in leaks:
            known = word_runs(leak.text.tolist(), length)
            for name, passages in {**leak.passages, "unseen": leak.unseen}.items():
                found = shares_a_run(passages.tolist(), known, length)
                row[name] = row.get(name, 0.0) + sum(found) / len(found) / LEAK_SEEDS
        rows.append(row)
        print("runs of {length:2}: planted {once:.0%}, reworded {16 times, reworded:.0%}, "
              "false alarms {unseen:.1%}".format(**row))  # fmt: skip
