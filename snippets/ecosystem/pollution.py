"""Six generations of models that learn from their parents: replace, pile up, or filter.

Sources: Shumailov et al. (2024), Nature 631, https://doi.org/10.1038/s41586-024-07566-y (replace);
Gerstgrasser et al. (2024), https://arxiv.org/abs/2404.01413 (pile up); Feng et al. (2024),
https://arxiv.org/abs/2406.07515 (filter)
"""

import torch
from torch import Tensor

from snippets.ecosystem.family import (
    FAMILY_WINDOW,
    Library,
    exam_surprises,
    hamlet_library,
    raise_child,
    write_pages,
)
from snippets.ecosystem.page_judge import keep_best, pair_table, plausible
from snippets.model.transformer import Transformer
from snippets.tools.code_behind import code_behind
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

MAKES = True
REGIMES, GENERATIONS, DYNASTY_SEEDS = ("replace", "pile up", "filter"), 5, 3
MEASURED = ("kinds", "rare kinds", "tail", "matched", "perplexity", "rare", "other", "judge")


def census(library: Library, table: Tensor, model: Transformer, pages: Tensor) -> Tensor:
    """Measure a model and pages `(B, T)` it wrote: `(8,)`, float64, in the order of MEASURED.

    Kinds of words on the pages; of these, kinds that are rare in the real text; the share of words
    that are such; how much of the real tail is matched, word for word (1 is all); perplexity on
    real text, and nats there for rare words and for the others; and the filter's judge's score.
    """
    text, rare = pages.flatten()[: len(library.ids)], library.rare
    counts = torch.bincount(text, minlength=len(library.kinds))
    told, words = exam_surprises(model, library.exam)
    matched = torch.minimum(counts, library.counts)[rare].sum() / library.counts[rare].sum()
    return torch.tensor([
        (counts > 0).sum(), (counts[rare] > 0).sum(), counts[rare].sum() / len(text), matched,
        told.mean().exp(), told[rare[words]].mean(), told[~rare[words]].mean(),
        plausible(table, pages).mean(),
    ], dtype=torch.float64)  # fmt: skip


def dynasty(
    library: Library, regimes: tuple[str, ...], generations: int, seed: int
) -> dict[str, Tensor]:
    """Raise a founder on real text, and then under each regime its children, and theirs.

    Args:
        library: The real text.
        regimes: Some of REGIMES. "replace": a child reads only what its parent wrote, as much as
            the real text had; "pile up": the real text and all that its ancestors wrote;
            "filter": as replace, but the parent wrote twice as much and a judge kept half.
        generations: How many follow the founder.
        seed: Of everything that is drawn.

    Returns:
        For each regime `(generations + 1, 8)`, float64: the census of each generation; and as
        "regime, page 1" `(generations + 1, T)`, int64: the first page of each.

    Raises:
        ValueError: If a regime is not known.
    """
    if not set(regimes) <= set(REGIMES):
        raise ValueError(f"wanted regimes among {REGIMES}, got {regimes}")
    kinds, size = len(library.kinds), len(library.ids)
    stop, pages = library.kinds.index("."), -(-size // FAMILY_WINDOW)
    founder = raise_child(library.ids, kinds, seed=100 * seed)
    table, told = pair_table(library.kinds), {}
    for regime in regimes:
        model, pile, rows, pages_1 = founder, library.ids, [], []
        for generation in range(generations + 1):
            chance = torch.Generator().manual_seed(100 * seed + generation)
            wrote = write_pages(model, stop, pages * (1 + (regime == "filter")), chance)
            rows.append(census(library, table, model, wrote[:pages]))
            pages_1.append(wrote[0])
            if generation < generations:
                lesson = keep_best(table, wrote, pages).flatten()[:size]  # all, if none to spare
                pile = torch.cat([pile, lesson]) if regime == "pile up" else lesson
                model = raise_child(pile, kinds, seed=100 * seed + generation + 1)
        told |= {regime: torch.stack(rows), f"{regime}, page 1": torch.stack(pages_1)}
    return told


def all_dynasties() -> dict[str, Tensor]:
    """Give what `dynasty` gives, of all seeds: `(seeds, generations + 1, ...)`; kept once made."""
    library = hamlet_library()

    def make() -> dict[str, Tensor]:
        with with_threads(1):
            runs = [dynasty(library, REGIMES, GENERATIONS, s) for s in range(DYNASTY_SEEDS)]
        return {key: torch.stack([run[key] for run in runs]) for key in runs[0]}

    recipe = repr((REGIMES, GENERATIONS, DYNASTY_SEEDS, torch.__version__))
    made_from = (code_behind(dynasty) + recipe).encode() + library.ids.numpy().tobytes()
    return kept_under("dynasty", made_from, make)


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    runs, rows = all_dynasties(), []
    for regime in REGIMES:
        for generation in range(GENERATIONS + 1):
            mean = dict(zip(MEASURED, runs[regime][:, generation].mean(0).tolist(), strict=True))
            ends = runs[regime][:, generation, 4]
            low_high = {"low": float(ends.min()), "high": float(ends.max())}
            rows.append({"regime": regime, "generation": generation} | mean | low_high)
    told = [row for row in rows if row["generation"] in (1, 3, 5)]
    told.insert(0, rows[0] | {"regime": "founder"})
    for row in told:
        print(
            "{regime:7} generation {generation}: {kinds:5,.0f} kinds of words, "
            "perplexity on real text {perplexity:.0f} ({low:.0f} to {high:.0f})".format(**row)
        )
    figure, axes = plt.subplots(1, 3, figsize=(7.2, 3.0))
    shown = (("kinds", "kinds of words"), ("matched", "tail matched"),
             ("perplexity", "perplexity, real text"))  # fmt: skip
    for ax, (key, title) in zip(axes, shown, strict=True):
        for regime in REGIMES:
            line = runs[regime][:, :, MEASURED.index(key)]  # (seeds, generations + 1)
            ax.plot(line.mean(0), label=regime)
            ax.fill_between(range(GENERATIONS + 1), line.amin(0), line.amax(0), alpha=0.2)
        ax.set(title=title, xlabel="generation", ylim=0)
    axes[0].legend()
    plt.show()
