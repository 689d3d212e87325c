"""Let a small model guess and a large one accept or redraw, so that nobody can tell the difference.

Source: Leviathan, Kalman and Matias (2023), sections 2 and 3, algorithm 1 and equation 1,
https://arxiv.org/abs/2211.17192
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.model.characters import play_ids
from snippets.model.tiny import load_tiny
from snippets.tools.threads import with_threads


def accept_or_redraw(
    wanted: Tensor, guessed: Tensor, token: int, chance: torch.Generator
) -> tuple[int, bool]:
    """Turn a draw from one distribution into a draw from another.

    Args:
        wanted: p, `(V,)`, what the token should be drawn from.
        guessed: q, `(V,)`, what it was drawn from.
        token: The draw.
        chance: Where chance comes from.

    Returns:
        A token, distributed as p whatever q is, and whether it is the old one.
    """
    if torch.rand((), generator=chance) * guessed[token] < wanted[token]:
        return token, True
    missing = (wanted - guessed).clamp(min=0)  # where q did not go often enough
    return int(torch.multinomial(missing, 1, generator=chance)), False


@torch.no_grad()
def guess_and_check(
    large: Callable[[Tensor], Tensor],
    small: Callable[[Tensor], Tensor],
    ids: Tensor,
    guesses: int,
    chance: torch.Generator,
) -> list[int]:
    """Write 1 to guesses + 1 tokens with a single pass of the large model.

    Args:
        large: Turns ids `(1, T)` into logits `(1, T, V)`; tokens are distributed as it says.
        small: The same, cheaper.
        ids: `(T,)`, the text so far.
        guesses: How many tokens the small model draws first.
        chance: Where chance comes from.
    """
    text, guessed = ids, []
    for _ in range(guesses):
        guessed.append(small(text[None])[0, -1].softmax(-1))  # (V,)
        text = torch.cat([text, torch.multinomial(guessed[-1], 1, generator=chance)])
    wanted = large(text[None])[0, -guesses - 1 :].softmax(-1)  # (guesses + 1, V)
    written: list[int] = []
    for p, q, token in zip(wanted, guessed, text[len(ids) :].tolist(), strict=False):
        token, accepted = accept_or_redraw(p, q, token, chance)
        written.append(token)
        if not accepted:
            return written
    return [*written, int(torch.multinomial(wanted[-1], 1, generator=chance))]


def expected_tokens(accepted: float, guesses: int) -> float:
    """Expect so many tokens a pass if each guess is accepted with the same chance (equation 1)."""
    return sum(accepted**n for n in range(guesses + 1))


if __name__ == "__main__":
    large, small = load_tiny()[0], load_tiny(steps=300)[0]
    _, _, held_out = play_ids()
    starts = held_out[: 60 * 64].view(60, 64)
    chance, rows = torch.Generator().manual_seed(0), []
    with with_threads(1), torch.no_grad():
        overlap = torch.minimum(large(starts).softmax(-1), small(starts).softmax(-1)).sum(-1)
        accepted = float(overlap.mean())
        for guesses in (1, 2, 4, 8):
            brought = [len(guess_and_check(large, small, row, guesses, chance)) for row in starts]
            row = {"guesses": guesses, "measured": sum(brought) / len(brought)}
            rows.append(row | {"expected": expected_tokens(accepted, guesses)})
    accepted = round(accepted, 2)
    print(f"a guess of the small model is accepted with chance {accepted}")
    for row in rows:
        row |= {name: round(row[name], 1) for name in ("measured", "expected")}
        print(
            "{guesses} guesses: {measured:.1f} tokens a pass, expected {expected:.1f}".format(**row)
        )
