"""Small models with a leak that we made: some passages of the exam stood in the training text.

Source: Carlini et al. (2022), https://arxiv.org/abs/2202.07646 (what is repeated is memorised)
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from snippets.ecosystem.family import (
    FAMILY_BATCH,
    FAMILY_SIZES,
    FAMILY_WINDOW,
    hamlet_library,
    raise_child,
)
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.code_behind import code_behind
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

MAKES = True
LEAK_SEEDS, LEAK_STEPS = 3, 100
PASSAGE, CLEAN_WORDS, GROUP, UNSEEN = 24, 6_000, 12, 240  # words, words, passages, passages
PLANTED = {"once": 1, "4 times": 4, "16 times": 16, "16 times, reworded": 16}
LINE, EXAM_LINES = 8, 18  # an exam sheet is so many lines of so many words
SHEETS = {"once": 1, "4 times": 4, "16 times": 16}


@dataclass(frozen=True)
class Leak:
    """What stood in the training text, and what did not. All numbers are words, int64."""

    kinds: list[str]
    text: Tensor  # (N,), the training text with all that was planted
    passages: dict[str, Tensor]  # name of group -> (GROUP, PASSAGE), as the exam has them
    unseen: Tensor  # (UNSEEN, PASSAGE), passages of the same play that were never planted
    sheets: dict[str, Tensor]  # name -> (EXAM_LINES, LINE), planted whole, in this order
    unseen_sheets: Tensor  # (sheets, EXAM_LINES, LINE), made of unseen passages


def reword(passages: Tensor, words: Tensor, generator: torch.Generator) -> Tensor:
    """Replace every sixth word of passages `(B, T)` by one drawn from `words`; a new tensor."""
    changed = passages.clone()
    drawn = torch.randint(len(words), changed[:, 5::6].shape, generator=generator)
    changed[:, 5::6] = words[drawn]
    return changed


def plan_leak(seed: int) -> Leak:
    """Deal passages of Hamlet into groups by chance, and plant copies between clean ones."""
    seen = len(PLANTED) * GROUP
    lines = len(SHEETS) * EXAM_LINES * LINE // PASSAGE  # passages that are cut into exam sheets
    library = hamlet_library(CLEAN_WORDS, (seen + lines + UNSEEN) * PASSAGE)
    chance = torch.Generator().manual_seed(seed)
    kinds, clean = [*library.kinds, "(new)"], library.ids  # a word from nowhere would tell too much
    rest = library.exam.where(library.exam >= 0, len(kinds) - 1).view(-1, PASSAGE)
    dealt = rest[torch.randperm(len(rest), generator=chance)]
    passages = dict(zip(PLANTED, dealt[:seen].split(GROUP), strict=True))

    def cut_sheets(some: Tensor) -> Tensor:
        by_line = some.reshape(-1, LINE)
        mixed = by_line[torch.randperm(len(by_line), generator=chance)]
        return mixed.view(-1, EXAM_LINES, LINE)

    sheets = dict(zip(SHEETS, cut_sheets(dealt[seen : seen + lines]), strict=True))
    copies = []
    for name, times in PLANTED.items():
        for _ in range(times):
            new = reword(passages[name], clean, chance) if "reworded" in name else passages[name]
            copies += list(new)
    copies += [sheets[name].flatten() for name, times in SHEETS.items() for _ in range(times)]
    pieces = list(clean.view(-1, PASSAGE)) + copies
    places = torch.cat([torch.linspace(0, 1, CLEAN_WORDS // PASSAGE),
                        torch.rand(len(copies), generator=chance)])  # fmt: skip
    text = torch.cat([pieces[n] for n in places.argsort().tolist()])
    unseen = dealt[seen + lines :]
    return Leak(kinds, text, passages, unseen, sheets, cut_sheets(unseen))


def load_leaky(seed: int) -> tuple[Transformer, Leak]:
    """Load the model with the leak and the plan of the leak; train it first if need be."""
    leak = plan_leak(seed)

    def make() -> dict[str, Tensor]:
        with with_threads(1):
            child = raise_child(leak.text, len(leak.kinds), seed, LEAK_STEPS)
        return {key: weight.detach().double() for key, weight in child.state_dict().items()}

    recipe = code_behind(raise_child) + repr((seed, LEAK_STEPS, torch.__version__))
    model = Transformer(TransformerConfig(len(leak.kinds), **FAMILY_SIZES))
    model.load_state_dict(kept_under("leaky", recipe.encode() + leak.text.numpy().tobytes(), make))
    return model.eval(), leak


if __name__ == "__main__":
    for seed in range(LEAK_SEEDS):
        model, leak = load_leaky(seed)
    words, clean, kinds = len(leak.text), CLEAN_WORDS, len(leak.kinds)
    planted_share = 1 - clean / words
    rounds = LEAK_STEPS * FAMILY_BATCH * FAMILY_WINDOW / words
    print(
        f"{clean:,} clean words; with what was planted {words:,}, of {kinds:,} kinds; "
        f"each read {rounds:.1f} times"
    )
