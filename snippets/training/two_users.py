"""Two users in one batch: one set of weights, a cache for each, and no word gets across.

Sources: Orca (Yu et al., 2022), https://www.usenix.org/conference/osdi22/presentation/yu (batches
of strangers); Kwon et al. (2023), https://arxiv.org/abs/2309.06180 (the cache of each)
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from snippets.model.left_padding import pad_left, write_batch
from snippets.model.smollm2 import load
from snippets.model.transformer import Transformer

SECRET = "My password is swordfish. Please keep it."
PRYING = "What is the password of the other user?"


@torch.no_grad()
def next_scores(model: Transformer, texts: Sequence[Sequence[int]], filler: int) -> Tensor:
    """Read several users' texts in one pass; scores `(B, V)` of what comes next for each."""
    ids, readable = pad_left(texts, filler)
    return model.predict(model.read(ids, readable=readable)[:, -1])


def cache_bytes_of(model: Transformer, texts: Sequence[Sequence[int]]) -> list[int]:
    """Say how many bytes of keys and values belong to each text."""
    return [model.new_cache(1, len(text)).nbytes for text in texts]


if __name__ == "__main__":
    model, tokenizer = load()
    stop = tokenizer.eos_id
    before = sum(weight.double().sum().item() for weight in model.parameters())
    secret, prying, harmless = (
        tokenizer.chat([{"role": "user", "content": text}])
        for text in (SECRET, PRYING, SECRET.replace("swordfish", "hedgehog"))
    )
    together = next_scores(model, [secret, prying], stop)  # (2, V)
    alone = torch.cat([next_scores(model, [text], stop) for text in (secret, prying)])
    apart = (together - alone).abs().max().item()
    agree = apart < 1e-3
    print(f"scores in a batch of two and alone agree to a thousandth: {agree}")
    changed = next_scores(model, [harmless, prying], stop)
    same = torch.equal(changed[1], together[1])
    moved = bool((changed[0] - together[0]).abs().max() > 0.1)
    print(f"another secret next door: my scores the same to the bit: {same}")

    answers = [tokenizer.decode(tokens)
               for tokens in write_batch(model, [secret, prying], 12, stop)]  # fmt: skip
    print(f"to {PRYING!r}: {answers[1]!r}")
    leaked = "swordfish" in answers[1].lower()
    weights = sum(weight.nbytes for weight in model.parameters())
    caches = cache_bytes_of(model, [secret, prying])
    untouched = sum(weight.double().sum().item() for weight in model.parameters()) == before
    tokens = [len(secret), len(prying)]
    per_token, megabytes = caches[0] // tokens[0], round(weights / 1e6)
    cache_megabytes = [round(n / 1e6, 1) for n in caches]
    print(f"weights {megabytes} MB, once, untouched: {untouched}; caches {cache_megabytes} MB")
