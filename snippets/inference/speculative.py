"""Speculative decoding: guess some tokens cheaply, and let the model check them all in one pass.

Sources: Leviathan, Kalman and Matias (2023), https://arxiv.org/abs/2211.17192; guesses from the
text itself: Saxena (2023), https://github.com/apoorvumang/prompt-lookup-decoding
"""

from collections.abc import Callable

import torch
from torch import Tensor

from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

# Turns the text so far and a number into at most so many guesses of what comes next.
Guesser = Callable[[list[int], int], list[int]]


def look_up_prompt(text: list[int], count: int, longest: int = 3) -> list[int]:
    """Find where the last few tokens stood before, and guess that the same will follow."""
    for size in range(longest, 0, -1):
        ending = text[-size:]
        for start in range(len(text) - size - 1, -1, -1):
            if text[start : start + size] == ending:
                return text[start + size : start + size + count]
    return []


@torch.no_grad()
def speculate(
    model: Transformer, ids: Tensor, new_tokens: int, guesser: Guesser, guesses: int
) -> tuple[Tensor, list[int]]:
    """Write greedily, several tokens a pass where the guesses are right.

    Args:
        model: Decides; the text is the one that it would have written alone.
        ids: `(1, T)`, int64, T >= 1.
        new_tokens: How many tokens to write.
        guesser: Proposes.
        guesses: How many tokens it may propose at a time.

    Returns:
        `(1, T + new_tokens)`, and for every pass how many tokens it brought.

    Raises:
        ValueError: If there is more than one text, or nothing to begin with.
    """
    if ids.ndim != 2 or len(ids) != 1 or ids.shape[1] == 0:
        raise ValueError(f"wanted one text, ids (1, T) with T >= 1, got {tuple(ids.shape)}")
    text, end = ids[0].tolist(), ids.shape[1] + new_tokens
    cache, brought = model.new_cache(1, end), []
    while len(text) < end:
        guess = guesser(text, min(guesses, end - len(text) - 1))
        unread = torch.tensor([text[cache.length :] + guess])
        best = model(unread, cache)[0, -len(guess) - 1 :].argmax(-1).tolist()
        right = 0
        while right < len(guess) and guess[right] == best[right]:
            right += 1
        text += best[: right + 1]  # the guesses that are right, and one token of the model's own
        cache.length = len(text) - 1  # notes of wrong guesses are forgotten
        brought.append(right + 1)
    return torch.tensor([text]), brought


if __name__ == "__main__":
    model, tokenizer = load()
    story = (
        "The lighthouse stood on a rock at the end of the bay. Every evening the keeper climbed the"
        " stairs, lit the lamp and wrote the weather into his book. On clear nights he could see"
        " the lights of the harbour, and on foggy ones he rang the bell."
    )
    tasks = {
        "correct a text": f"Correct the spelling of this text and repeat it: {story}",
        "tell a story": "Tell me a story about a lighthouse.",
    }
    rows = []
    for task, question in tasks.items():
        prompt = torch.tensor([tokenizer.chat([{"role": "user", "content": question}])])
        alone = generate(model, prompt, 60)
        for guesses in (2, 8):
            text, brought = speculate(model, prompt, 60, look_up_prompt, guesses)
            same = torch.equal(text, alone)
            row = {"task": task, "guesses": guesses, "passes": len(brought), "same": same}
            row["tokens"] = round(60 / len(brought), 2)
            rows.append(row)
            print(
                f"{task:16} {guesses} guesses: {len(brought):2} passes for 60 tokens,"
                f" {row['tokens']:.2f} a pass; the same text: {same}"
            )
