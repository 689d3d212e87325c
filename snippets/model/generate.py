"""Write with a model: read, pick a token, append it, read on.

Source: Vaswani et al. (2017), section 3 (a decoder reads what it wrote),
https://arxiv.org/abs/1706.03762; how tokens are picked is in sampling.py
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn.functional import pad

from snippets.model.sampling import check_sampling, next_probabilities, penalize
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer


def generate(
    model: Transformer,
    ids: Tensor,
    max_new_tokens: int,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    use_cache: bool = True,
    **options,
) -> Tensor:
    """Write to the end; arguments and errors as in `stream`.

    Returns:
        `(B, T + new)`, int64, prompt included; new is max_new_tokens unless all texts stopped.
    """
    pieces = stream(model, ids, max_new_tokens, temperature, top_k, top_p, use_cache, **options)
    return torch.cat([ids, *(piece[:, None] for piece in pieces)], dim=1)


@torch.no_grad()
def stream(
    model: Transformer,
    ids: Tensor,
    max_new_tokens: int,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    use_cache: bool = True,
    *,
    min_p: float | None = None,
    repetition_penalty: float = 1.0,
    stop: Sequence[int] = (),
    generator: torch.Generator | None = None,
    readable: Tensor | None = None,
) -> Iterator[Tensor]:
    """Write token by token.

    Args:
        model: A `Transformer`.
        ids: `(B, T)`, int64, the prompts.
        max_new_tokens: How many tokens to write.
        temperature: 0 picks the likeliest token, 1 draws from the model's own probabilities.
        top_k: Draw from the k likeliest only.
        top_p: Draw from the fewest tokens that together have probability p.
        use_cache: Whether to keep keys and values or to read the whole text for each token.
        min_p: Draw from tokens with at least this share of the likeliest one's probability.
        repetition_penalty: Above 1, tokens that are in the text already get lower scores.
        stop: Ids that end a text. In a batch, a text that ended is filled with its last token.
        generator: Where chance comes from; PyTorch's own if not said.
        readable: `(B, T)`, bool, False at padding on the left; None if nothing is padded.

    Yields:
        `(B,)`, int64, one token for each text.

    Raises:
        ValueError: If an argument makes no sense or the text would outgrow the context.
    """
    check_sampling(temperature, top_k, top_p, min_p, repetition_penalty)
    _check_prompt(ids, max_new_tokens, model.config, readable)
    text, ends = ids, torch.tensor(list(stop), dtype=ids.dtype, device=ids.device)
    if readable is not None:  # padding is never read; as a copy it is not penalized either
        text = torch.where(readable, ids, ids[:, -1:])  # (B, T)
    cache = model.new_cache(len(ids), ids.shape[1] + max_new_tokens) if use_cache else None
    done = torch.zeros(len(ids), dtype=torch.bool, device=ids.device)
    for _ in range(max_new_tokens):
        unread = text[:, cache.length :] if cache else text
        logits = model.predict(model.read(unread, cache, readable)[:, -1]).float()  # (B, V)
        logits = penalize(logits, text, repetition_penalty)  # (B, V)
        chances = next_probabilities(logits, temperature, top_k, top_p, min_p)  # (B, V)
        new = chances.argmax(-1)  # (B,)
        if temperature:
            new = torch.multinomial(chances, 1, generator=generator)[:, 0]
        new = torch.where(done, text[:, -1], new)
        yield new
        text, done = torch.cat([text, new[:, None]], dim=1), done | torch.isin(new, ends)
        if done.all():
            return
        if readable is not None:
            readable = pad(readable, (0, 1), value=True)


def _check_prompt(ids: Tensor, max_new_tokens: int, config, readable: Tensor | None) -> None:
    if ids.ndim != 2 or ids.shape[1] == 0 or ids.dtype != torch.int64:
        raise ValueError(f"wanted ids (B, T) of int64, T >= 1, got {tuple(ids.shape)} {ids.dtype}")
    total = ids.shape[1] + max_new_tokens
    if max_new_tokens < 0 or total > config.context:
        wanted = f"0 to {config.context - ids.shape[1]} new tokens in a context of {config.context}"
        raise ValueError(f"max_new_tokens: wanted {wanted}, got {max_new_tokens}")
    if readable is not None and (readable.shape != ids.shape or readable.dtype != torch.bool):
        given = f"{readable.dtype} {tuple(readable.shape)}"
        raise ValueError(f"readable: wanted bool {tuple(ids.shape)}, got {given}")
    if readable is not None and not (readable[:, -1].all() and readable.int().diff().ge(0).all()):
        raise ValueError("readable: wanted padding on the left only, got some behind a token")


if __name__ == "__main__":
    model, tokenizer = load()
    question = [{"role": "user", "content": "What is the capital of France?"}]
    prompt = torch.tensor([tokenizer.chat(question)])
    written = []
    for new in stream(model, prompt, 20, stop=[tokenizer.eos_id]):
        written.append(tokenizer.decode(new.tolist()))
    pieces = "|".join(written)
    print(pieces)
    whole = generate(model, prompt, 20, use_cache=False, stop=[tokenizer.eos_id])
    answer = tokenizer.decode(whole[0, prompt.shape[1] : -1].tolist())
    print(f"without a cache: {answer}")
    complaints = []
    for wrong in ({"top_p": 0}, {"temperature": -1}, {"max_new_tokens": 9000}):
        try:
            generate(model, prompt, **{"max_new_tokens": 20, **wrong})
        except ValueError as error:
            complaints.append(str(error))
    print("\n".join(complaints))
