"""A network that learns while it reads: every text has its own code book, found nowhere else.

Sources: Garg et al. (2022), https://arxiv.org/abs/2208.01066 (learning to learn in context); Olsson
et al. (2022), https://arxiv.org/abs/2209.11895 (heads that look up what followed last time)
"""

from itertools import repeat

import torch
from torch import Tensor

from snippets.model.training import muon_and_adamw, train
from snippets.model.transformer import Transformer, TransformerConfig
from snippets.tools.threads import with_threads

CODE_SIGNS, CODE_PAIRS = 4, 12  # letters of the code and as many answers; pairs in a text
READING_STEPS, CODE_LEARNERS = 320, ("new book in every text", "always the same book")


def code_texts(count: int, chance: torch.Generator, book: Tensor | None = None) -> Tensor:
    """Write texts "letter answer letter answer ...".

    Args:
        count: How many texts, B.
        chance: Where chance comes from.
        book: `(CODE_SIGNS,)`, the answer to each letter; None draws another for every text.

    Returns:
        `(B, 2 * CODE_PAIRS)`, int64: letters are 0 to 3, answers 4 to 7.

    Raises:
        ValueError: If the book has another size.
    """
    if book is not None and book.shape != (CODE_SIGNS,):
        raise ValueError(f"wanted a book ({CODE_SIGNS},), got {tuple(book.shape)}")
    books = torch.randint(CODE_SIGNS, (count, CODE_SIGNS), generator=chance)  # (B, S)
    books = books if book is None else book.expand(count, CODE_SIGNS)  # (B, S)
    letters = torch.randint(CODE_SIGNS, (count, CODE_PAIRS), generator=chance)  # (B, P)
    answers = CODE_SIGNS + books.gather(1, letters)  # (B, P)
    return torch.stack([letters, answers], -1).flatten(1)


def train_code_reader(seed: int, book: Tensor | None, steps: int = READING_STEPS) -> Transformer:
    """Train a two-layer transformer on texts that are never repeated."""
    torch.manual_seed(seed)
    sizes = {"n_layers": 2, "n_heads": 2, "n_kv_heads": 2, "head_dim": 16, "d_ffn": 64}
    model = Transformer(
        TransformerConfig(2 * CODE_SIGNS, 32, context=2 * CODE_PAIRS, rope_theta=10.0, **sizes)
    )
    with torch.no_grad():  # a bolder start: 32 numbers are few, and heads must soon take sides
        for weight in model.parameters():
            weight.mul_(6 if weight.ndim == 2 else 1)
    chance = torch.Generator().manual_seed(seed)
    batches = (code_texts(64, chance, book) for _ in repeat(0))
    train(model, batches, muon_and_adamw(model, 0.02, 0.005), steps, 20)
    return model.eval()


@torch.no_grad()
def right_by_place(model: Transformer, ids: Tensor) -> Tensor:
    """Say which share of texts `(B, 2P)` has the n-th answer right; `(P,)`."""
    guesses = model(ids[:, :-1])[:, ::2].argmax(-1)  # (B, P), what is said behind each letter
    return (guesses == ids[:, 1::2]).float().mean(0)


def lookup_share(pairs: int) -> list[float]:
    """Say what a perfect reader gets: what was seen it knows, what was not it must guess."""
    unseen = [(1 - 1 / CODE_SIGNS) ** n for n in range(pairs)]
    return [1 - u + u / CODE_SIGNS for u in unseen]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(6.4, 3.4))
    exam = code_texts(1000, torch.Generator().manual_seed(1000))
    old_book = torch.randint(CODE_SIGNS, (CODE_SIGNS,), generator=torch.Generator().manual_seed(7))
    home = code_texts(1000, torch.Generator().manual_seed(1001), old_book)
    rows = []
    with with_threads(1):
        for name, book, steps in zip(
            CODE_LEARNERS, (None, old_book), (READING_STEPS, 60), strict=True
        ):
            models = [train_code_reader(seed, book, steps) for seed in (0, 1, 2)]
            curves = torch.stack([right_by_place(model, exam) for model in models])  # (3, P)
            at_home = [right_by_place(model, home).mean().item() for model in models]
            row = {"learner": name, "old book": round(sum(at_home) / 3, 2)}
            ends = curves[:, [0, 11]].T.tolist()  # the first and the twelfth answer, by seed
            row |= {"first": [round(s, 2) for s in ends[0]], "last": [round(s, 2) for s in ends[1]]}
            rows.append(row)
            print(f"{name}: first {row['first']}, twelfth {row['last']}; "
                  f"old book {row['old book']}")  # fmt: skip
            ax.plot(range(CODE_PAIRS), curves.mean(0), label=name)
            low, high = curves.amin(0), curves.amax(0)
            ax.fill_between(range(CODE_PAIRS), low, high, alpha=0.2)
    ideal = [round(share, 2) for share in lookup_share(CODE_PAIRS)]
    ax.plot(range(CODE_PAIRS), ideal, ":", label="perfect look-up")
    ax.set(title="Answers right in a text with a code of its own", ylim=(0, 1.02))
    ax.set(xlabel="pairs read before", ylabel="share right")
    ax.legend(loc="upper left")
    plt.show()
