"""Why counting is not enough: most three-word sequences of a new play were never seen before.

Sources: Shannon (1948), section 3, https://doi.org/10.1002/j.1538-7305.1948.tb01338.x (text by
counting what follows what); Brants et al. (2007), https://aclanthology.org/D07-1090/ (on 2 trillion
words)
"""

import re

from snippets.model.characters import play_texts

AMOUNTS = (10_000, 30_000, 100_000, 300_000, 800_000)  # words read before the exam


def plain_words(text: str) -> list[str]:
    """Cut a text into lower-case words."""
    return re.findall(r"[a-z']+", text.lower())


def unseen_share(known: list[str], fresh: list[str], length: int) -> float:
    """Say which share of the sequences of so many words in a fresh text is not in a known one.

    Raises:
        ValueError: If the fresh text has no sequence of that length.
    """
    if not 1 <= length <= len(fresh):
        raise ValueError(f"wanted a length of 1 to {len(fresh)}, got {length}")
    seen = {tuple(known[n : n + length]) for n in range(len(known) - length + 1)}
    asked = [tuple(fresh[n : n + length]) for n in range(len(fresh) - length + 1)]
    return sum(sequence not in seen for sequence in asked) / len(asked)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    train, held_out = map(plain_words, play_texts())
    lengths, shares = (1, 2, 3), {}
    for length in lengths:
        shares[length] = [unseen_share(train[:n], held_out, length) for n in AMOUNTS]
        told = ", ".join(f"{share:.0%}" for share in shares[length])
        print(f"{length} in a row, never seen: {told}")
    print(f"after reading {', '.join(f'{n:,}' for n in AMOUNTS)} of {len(train):,} words")

    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    for length in lengths:
        ax.semilogx(AMOUNTS, [100 * share for share in shares[length]], "o-", label=f"{length}")
    ax.legend(title="words in a row")
    ax.set(title="Never seen before", xlabel="words read", ylabel="share unseen, percent", ylim=0)
    plt.show()
