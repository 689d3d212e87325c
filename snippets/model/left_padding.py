"""Several prompts of unequal length, answered together: padded on the left, padding never read.

Source: Orca (Yu et al., 2022), section 3, https://www.usenix.org/conference/osdi22/presentation/yu
(why servers batch, and how they avoid padding)
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from snippets.model.generate import generate
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

UNEQUAL_QUESTIONS = (
    "Hi",
    "What is the capital of France?",
    "Why do people say that the moon has a dark side, and is it true?",
)


def pad_left(texts: Sequence[Sequence[int]], filler: int) -> tuple[Tensor, Tensor]:
    """Make texts equally long with a filler in front, so that all of them end at the same place.

    Returns:
        ids `(B, T)`, int64, and readable `(B, T)`, bool, False where the filler stands.

    Raises:
        ValueError: If a text is empty.
    """
    if not texts or not all(texts):
        raise ValueError(f"wanted texts of at least one token, got lengths {list(map(len, texts))}")
    longest = max(map(len, texts))
    ids = torch.tensor([[filler] * (longest - len(text)) + [*text] for text in texts])  # (B, T)
    lengths = torch.tensor([[len(text)] for text in texts])  # (B, 1)
    readable = torch.arange(longest) >= longest - lengths  # (B, T)
    return ids, readable


def write_batch(
    model: Transformer,
    texts: Sequence[Sequence[int]],
    max_new_tokens: int,
    stop: int,
    **options: Any,
) -> list[list[int]]:
    """Write on behind every text at once.

    Args:
        model: A `Transformer`.
        texts: Token ids of the prompts, of any lengths.
        max_new_tokens: How many tokens to write for each, at most.
        stop: The id that ends a text; it also serves as filler.
        options: As in `stream`.

    Returns:
        The new tokens of each text, up to its stop.

    Raises:
        ValueError: If a text is empty, or as in `stream`.
    """
    ids, readable = (some.to(model.embed.device) for some in pad_left(texts, stop))
    out = generate(model, ids, max_new_tokens, readable=readable, stop=[stop], **options)
    return [until_stop(row, stop) for row in out[:, ids.shape[1] :].tolist()]


def until_stop(tokens: list[int], stop: int) -> list[int]:
    """Cut behind the first stop, if there is one."""
    return tokens[: tokens.index(stop) + 1] if stop in tokens else tokens


if __name__ == "__main__":
    model, tokenizer = load()
    stop, new = tokenizer.eos_id, 12
    prompts = [tokenizer.chat([{"role": "user", "content": q}]) for q in UNEQUAL_QUESTIONS]
    lengths = [len(prompt) for prompt in prompts]
    alone = [write_batch(model, [prompt], new, stop)[0] for prompt in prompts]
    ids, readable = pad_left(prompts, stop)
    right = torch.tensor([prompt + [stop] * (max(lengths) - len(prompt)) for prompt in prompts])
    batches = {
        "left, hidden": write_batch(model, prompts, new, stop),
        "left, read": generate(model, ids, new, stop=[stop])[:, ids.shape[1] :].tolist(),
        "right, read": generate(model, right, new, stop=[stop])[:, ids.shape[1] :].tolist(),
    }
    equal, answers = {}, {}
    print("tokens of the prompts:", lengths)
    print(f"alone:        {[tokenizer.decode(tokens) for tokens in alone]}")
    for padding, rows in batches.items():
        tokens = [until_stop(row, stop) for row in rows]
        equal[padding] = sum(a == b for a, b in zip(tokens, alone, strict=True))
        answers[padding] = [tokenizer.decode(row) for row in tokens]
        print(f"{padding + ':':13} {equal[padding]} of 3 as alone; {answers[padding][:2]}")
    with torch.no_grad():
        shift = model(ids[:1], readable=readable[:1])[0, -1] - model(ids[:1, -lengths[0] :])[0, -1]
    shifted_by, same_logits = max(lengths) - lengths[0], bool(shift.abs().max() < 0.001)
    print(f"scores of a prompt that stands {shifted_by} places later are the same: {same_logits}")
