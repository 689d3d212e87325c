"""Five block formats on two models that have never been near one: MiniLM and Tiny.

Sources: Wang et al. (2020), https://arxiv.org/abs/2002.10957 (MiniLM); the formats as in
ggml-common.h, https://github.com/ggml-org/ggml
"""

import inspect

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from snippets.compression.gguf_blocks import BLOCK_LAYOUTS
from snippets.compression.own_grid import gguf_round_trip
from snippets.model.characters import play_ids
from snippets.model.minilm import load_minilm_parts, mean_vector, pad_right
from snippets.model.tiny import load_tiny
from snippets.tools.perplexity import surprises
from snippets.tools.threads import with_threads

JUDGED_CHARACTERS = 10_000


def nn_summaries() -> list[str]:
    """Take the first paragraph of the manual on each layer of `torch.nn`, if it is a short one."""
    layers = [value for _, value in sorted(vars(nn).items()) if isinstance(value, type)]
    texts = [inspect.cleandoc(layer.__doc__ or "").split("\n\n") for layer in layers]
    lines = {" ".join(text[text[0].startswith("__init__")].split()) for text in texts}
    return sorted(line for line in lines if 40 <= len(line) <= 200)


def nearest_five(vectors: Tensor) -> Tensor:
    """Find for each of N unit vectors the five others that point most alike, `(N, 5)`."""
    alike = vectors @ vectors.T - 2 * torch.eye(len(vectors))
    return alike.topk(5).indices


def rounded_copy(exact: dict[str, Tensor], kind: str) -> dict[str, Tensor]:
    """Round every matrix that fits into blocks of 32; vectors stay as they are."""
    weights = {}
    for name, weight in exact.items():
        fits = weight.ndim == 2 and weight.shape[1] % 32 == 0
        weights[name] = gguf_round_trip(weight, kind) if fits else weight
    return weights


@torch.no_grad()
def sentence_vectors(encoder: nn.Module, ids: list[list[int]], pad_id: int) -> Tensor:
    """Turn N sentences into vectors of length 1, `(N, C)`."""
    padded, readable = pad_right(ids, pad_id)  # (N, T)
    return normalize(mean_vector(encoder(padded, readable), readable))


if __name__ == "__main__":
    wordpiece, encoder = load_minilm_parts()
    ids = [wordpiece.encode(line) for line in nn_summaries()]
    tiny, _ = load_tiny()
    _, _, held_out = play_ids()
    text = held_out[:JUDGED_CHARACTERS]
    models = {"MiniLM": encoder, "Tiny": tiny}
    exact = {name: dict(model.state_dict()) for name, model in models.items()}
    rows = []
    with with_threads(1):
        vectors = sentence_vectors(encoder, ids, wordpiece.pad_id)
        nearest = nearest_five(vectors)
        nats = float(surprises(tiny, text, 128).double().mean())
        for kind in BLOCK_LAYOUTS:
            for name, model in models.items():
                model.load_state_dict(rounded_copy(exact[name], kind), assign=True)
            turned = sentence_vectors(encoder, ids, wordpiece.pad_id)
            cosine = float((turned * vectors).sum(1).mean())
            found = (nearest_five(turned)[:, :, None] == nearest[:, None]).any(1)  # (N, 5)
            lost = float(surprises(tiny, text, 128).double().mean()) - nats
            row = {"format": kind, "cosine": round(cosine, 4), "lost": round(lost, 3) + 0.0}
            rows.append(row | {"found": round(100 * float(found.double().mean()), 1)})
    sentences, exact_nats = len(ids), round(nats, 3)
    print(f"MiniLM on {sentences} sentences; Tiny on {JUDGED_CHARACTERS:,} characters: {nats:.3f}")
    for row in rows:
        print(
            f"{row['format']}: cosine {row['cosine']:.4f}, {row['found']:5.1f} % of neighbours"
            f" kept; Tiny loses {row['lost']:.3f} nats per character"
        )
