"""Draw a text from the word counts of a text, again and again: rare words die, one by one.

Sources: Wright (1931), https://doi.org/10.1093/genetics/16.2.97 (drift: the same arithmetic for
genes); Shumailov et al. (2024), Nature 631, https://doi.org/10.1038/s41586-024-07566-y
"""

import torch
from torch import Tensor

from snippets.ecosystem.family import hamlet_library


def expected_kinds(counts: Tensor, draws: int) -> float:
    r"""Compute how many kinds of words a text of n words drawn at random will hold.

    $\sum_i 1 - (1 - p_i)^n$: a word is missing if all n draws missed it.

    Args:
        counts: `(V,)`, how often each kind occurs in the text that is drawn from.
        draws: n.

    Raises:
        ValueError: If the text is empty.
    """
    if counts.sum() <= 0:
        raise ValueError("wanted a text with a word in it at least, got none")
    shares = counts.double() / counts.sum()  # (V,)
    return float((1 - (1 - shares) ** draws).sum())


def copy_counts(counts: Tensor, generator: torch.Generator) -> Tensor:
    """Draw a text as long as the one before from its counts `(V,)`, and count again: `(V,)`."""
    shares = counts.double() / counts.sum()
    drawn = torch.multinomial(shares, int(counts.sum()), replacement=True, generator=generator)
    return torch.bincount(drawn, minlength=len(counts))


def word_family(counts: Tensor, generations: int, seed: int) -> list[Tensor]:
    """Copy counts `(V,)` generation after generation; all of them, the real ones first."""
    chance, line = torch.Generator().manual_seed(seed), [counts]
    for _ in range(generations):
        line.append(copy_counts(line[-1], chance))
    return line


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    b_is_gone = (3 / 4) ** 4
    print(f'"a a a b": the chance that a copy has no b is (3/4)^4 = {b_is_gone:.3f}')
    library = hamlet_library()
    counts, rare, words = library.counts, library.rare, len(library.ids)
    families = [word_family(counts, 10, seed) for seed in range(20)]
    rows = []
    for generation in range(11):
        lines = torch.stack([family[generation] for family in families])  # (20, V)
        row = {
            "generation": generation,
            "kinds": float((lines > 0).sum(1).double().mean()),
            "rare": float((lines[:, rare] > 0).sum(1).double().mean()),
            "tail": float(lines[:, rare].sum(1).double().mean() / words),
        }
        before = [family[generation - 1] for family in families] if generation else [counts]
        told = [expected_kinds(line, words) for line in before]
        row["expected"] = sum(told) / len(told) if generation else row["kinds"]
        rows.append(row)
        if generation in (0, 1, 2, 5, 10):
            print(
                "copy {generation:2}: {kinds:5,.0f} kinds (expected {expected:5,.0f}); "
                "of the rare {rare:5,.0f}, {tail:.1%} of the text".format(**row)
            )
    figure, ax = plt.subplots(figsize=(6.4, 3.0))
    ax.plot(
        [row["generation"] for row in rows], [row["kinds"] for row in rows], "o", label="counted"
    )
    ax.plot(
        [row["generation"] for row in rows], [row["expected"] for row in rows], label="expected"
    )
    ax.set(title="Words that are still alive", xlabel="copy", ylabel="kinds of words", ylim=0)
    ax.legend()
    plt.show()
