"""Many questions behind one text: read the text once, then score every option of every question.

Sources: Brown et al. (2020), section 2.4, https://arxiv.org/abs/2005.14165 (options compared by
likelihood); Zheng et al. (2023), https://arxiv.org/abs/2312.07104 (reusing the cache of a prefix)
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from snippets.model.cache import KVCache
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

AT_A_TIME = 50  # questions in one batch


@torch.no_grad()
def read_prefix(model: Transformer, ids: Sequence[int]) -> KVCache:
    """Read what all questions begin with, once; it may be empty."""
    cache = model.new_cache(1, max(len(ids), 1))
    if ids:
        model.read(torch.tensor([list(ids)], device=model.embed.device), cache)
    return cache


def copy_rows(cache: KVCache, rows: Sequence[int], room: int) -> KVCache:
    """Copy some texts of a cache, each as often as it is named, with room for more tokens."""
    layers, _, _, heads, _, width = cache.store.shape
    copy = KVCache((layers, len(rows), heads, cache.length + room, width), cache.store)
    source = cache.store[:, :, :, :, : cache.length]  # (layers, 2, B, G, S, D)
    copy.store[..., : cache.length, :] = (
        source if source.shape[2] == 1 else source[:, :, list(rows)]
    )
    copy.length = cache.length
    return copy


def common_start(texts: Sequence[Sequence[int]]) -> int:
    """Count the tokens that all texts begin with, leaving each at least one of its own."""
    shortest = min(map(len, texts)) - 1
    same = (len({text[n] for text in texts}) == 1 for n in range(shortest))
    return next((n for n, alike in enumerate(same) if not alike), max(shortest, 0))


@torch.no_grad()
def score_options(
    model: Transformer,
    prefix: Sequence[int],
    prompts: Sequence[Sequence[int]],
    options: Sequence[Sequence[Sequence[int]]],
) -> list[Tensor]:
    """Say how likely each option is as what comes next; what prompts share is read once.

    Args:
        model: Reads.
        prefix: The ids of what stands before all questions; may be empty.
        prompts: The ids of each question.
        options: For each question the ids of its options.

    Returns:
        For each question `(O,)`: the sum of ln p over the tokens of each option.

    Raises:
        ValueError: If a question or an option is empty, or a question has no options.
    """
    if not prompts or not all(prompts) or not all(some and all(some) for some in options):
        raise ValueError(
            "wanted questions and options of at least one token each, got an empty one"
        )
    if len(prompts) != len(options):
        raise ValueError(f"wanted options for each of {len(prompts)} questions, got {len(options)}")
    start = common_start(prompts) if len(prompts) > 1 else 0
    shared = read_prefix(model, [*prefix, *prompts[0][:start]])
    rest, scores = [prompt[start:] for prompt in prompts], [torch.empty(0)] * len(prompts)
    for length in sorted({len(prompt) for prompt in rest}):  # equally long ones: no padding
        same = [n for n, prompt in enumerate(rest) if len(prompt) == length]
        for batch in (same[n : n + AT_A_TIME] for n in range(0, len(same), AT_A_TIME)):
            ids = torch.tensor([list(rest[n]) for n in batch])  # (B, T)
            told = _score_batch(model, shared, ids, [options[n] for n in batch])
            for n, row in zip(batch, told, strict=True):
                scores[n] = row
    return scores


def _score_batch(model, prefix, ids: Tensor, options) -> list[Tensor]:
    cache = copy_rows(prefix, [0] * len(ids), ids.shape[1])
    first = model.predict(model.read(ids, cache)[:, -1]).log_softmax(-1)  # (B, V)
    scores = [first[n, [option[0] for option in some]] for n, some in enumerate(options)]  # (O)
    places = [(n, o) for n, some in enumerate(options) for o in range(len(some))]
    for length in {len(options[n][o]) for n, o in places} - {1}:
        longer = [(n, o) for n, o in places if len(options[n][o]) == length]
        texts = torch.tensor([list(options[n][o]) for n, o in longer])  # (N, L)
        more = copy_rows(cache, [n for n, _ in longer], length - 1)
        rest = model.predict(model.read(texts[:, :-1], more)).log_softmax(-1)  # (N, L - 1, V)
        rest = rest.gather(-1, texts[:, 1:, None])[..., 0].sum(-1)  # (N)
        for (n, o), log_probability in zip(longer, rest, strict=True):
            scores[n][o] += log_probability
    return scores


if __name__ == "__main__":
    model, tokenizer = load()
    shots = tokenizer.encode("hot -> cold\nbig -> small\n")
    words = ("up", "early", "wet")
    prompts = [tokenizer.encode(f"{word} ->") for word in words]
    choices = (" down", " late", " dry", " Ouagadougou")
    options = [[tokenizer.encode(choice) for choice in choices]] * len(words)
    rows = []
    for word, told in zip(words, score_options(model, shots, prompts, options),
                          strict=True):  # fmt: skip
        shares = {
            name.strip(): round(p, 2) for name, p in zip(choices, told.exp().tolist(), strict=True)
        }
        rows.append({"word": word, **shares})
        print(f"{word} -> {shares}")
    once, times = len(shots), len(words) * len(choices)
    print(f"the examples are {once} tokens: read once, not {times} times")
