"""Dense search: every passage is a point, and near points mean alike.

Sources: Karpukhin et al. (2020), section 3, https://arxiv.org/abs/2004.04906 (passages and
questions as vectors); the encoder is all-MiniLM-L6-v2, see model/minilm.py
"""

import re

import torch
from torch import Tensor

from snippets.model.minilm import MINILM_SHA256, load_minilm
from snippets.retrieval.docstrings import DocEntry, docstring_corpus
from snippets.tools.kept_weights import kept_under
from snippets.tools.threads import with_threads

MAKES = True
PASSAGE_VERSION = 1  # counted up when code changes what the vectors are
PASSAGE_CHARACTERS = 200  # what the encoder reads of each entry


def passage_text(entry: DocEntry, longest: int = PASSAGE_CHARACTERS) -> str:
    """Give an entry's name and the beginning of its prose, without the line of arguments."""
    first, _, rest = entry.text.partition("\n\n")
    prose = rest if re.match(r"[\w.]+\(", first) and rest else entry.text
    return f"{entry.name}: {' '.join(prose.split())}"[:longest]


def load_passage_vectors() -> Tensor:
    """Load one vector of length 1 per entry of the corpus, `(N, 384)`; make them if need be.

    Raises:
        FileNotFoundError: If the package that brings the encoder is missing.
        OSError: If the vectors cannot be kept.
    """
    texts = [passage_text(entry) for entry in docstring_corpus()]
    recipe = repr((PASSAGE_VERSION, MINILM_SHA256, torch.__version__, texts))
    return kept_under("passages", recipe.encode(), lambda: _encode(texts))["vectors"]


def dense_scores(query_vectors: Tensor, passage_vectors: Tensor) -> Tensor:
    """Compare queries `(Q, D)` with passages `(N, D)`: `(Q, N)`, cosines if all have length 1.

    Raises:
        ValueError: If the sizes do not fit.
    """
    if query_vectors.ndim != 2 or query_vectors.shape[1:] != passage_vectors.shape[1:]:
        shapes = f"{tuple(query_vectors.shape)} and {tuple(passage_vectors.shape)}"
        raise ValueError(f"wanted queries (Q, D) and passages (N, D), got {shapes}")
    return query_vectors @ passage_vectors.T  # (Q, N)


def _encode(texts: list[str]) -> dict[str, Tensor]:
    with with_threads(1):
        return {"vectors": load_minilm()[0](texts)}


if __name__ == "__main__":
    corpus, vectors = docstring_corpus(), load_passage_vectors()
    passages, dim = vectors.shape
    whole = sum(len(passage_text(entry, 10**9)) <= PASSAGE_CHARACTERS for entry in corpus)
    print(f"{passages:,} passages, {dim} numbers each; {whole} were read to their end")
    encode, _ = load_minilm()
    query = "rotate a picture by a quarter turn"
    scores = dense_scores(encode([query]), vectors)[0]
    print(f"near to {query!r}:")
    found = [corpus[number].name for number in scores.topk(2).indices.tolist()]
    print("\n".join(f"  {name}" for name in found))
