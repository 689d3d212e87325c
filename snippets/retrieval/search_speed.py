"""How long it takes to build an index and to search it, by words and by meaning, as texts grow.

Source: LanceDB's index IVF, https://docs.lancedb.com/indexing/vector-index (look only into the
nearest drawers)
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from torch import Tensor

from snippets.model.minilm import load_minilm
from snippets.retrieval.bm25 import BM25
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.passage_vectors import dense_scores, load_passage_vectors
from snippets.tools.threads import with_threads

MEASURES = True
DRAWERS, OPENED = 32, 4  # of an approximate index: how many there are, how many a search opens


def seconds_each(work: Callable[[int], object], times: int) -> float:
    """Measure how long work(0), work(1), ... take on average, after one that is not counted.

    Raises:
        ValueError: If times is below 1.
    """
    if times < 1:
        raise ValueError(f"wanted at least 1 time, got {times}")
    work(0)
    start = time.perf_counter()
    for turn in range(times):
        work(turn)
    return (time.perf_counter() - start) / times


def vector_table(folder: Path, vectors: Tensor) -> Any:
    """Write vectors `(N, D)`, float32, into a new table of a database, numbered from 0."""
    import lancedb  # starts a thread, so only when it is needed

    flat = pa.array(vectors.numpy().ravel())
    columns = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    rows = pa.table({"number": range(len(vectors)), "vector": columns})
    return lancedb.connect(str(folder)).create_table("vectors", rows)


def nearest(table: Any, query: Tensor, k: int = 10) -> list[int]:
    """Ask the database for the numbers of the k nearest vectors; the query is `(D,)`."""
    found = table.search(query.numpy()).distance_type("dot").nprobes(OPENED).limit(k)
    return [row["number"] for row in found.select(["number", "_distance"]).to_list()]


def overlap(found: Sequence[Sequence[int]], exact: Sequence[Sequence[int]]) -> float:
    """Say which share of the exact results was found."""
    hits = sum(len(set(a) & set(b)) for a, b in zip(found, exact, strict=True))
    return hits / sum(map(len, exact))


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    from lancedb.index import IvfFlat

    corpus, vectors, encode = docstring_corpus(), load_passage_vectors(), load_minilm()[0]
    questions = [known.question for known in TUNING_QUESTIONS]
    queries, many = encode(questions), len(questions)
    encoding_ms = 1000 * seconds_each(lambda turn: encode([questions[turn]]), many)

    def race(size: int) -> dict[str, float]:
        """Build all indexes over the first `size` entries, and search them."""
        texts, some = [entry.text for entry in corpus[:size]], vectors[:size].clone()
        marks = [time.perf_counter()]
        bm25 = BM25(texts)
        marks.append(time.perf_counter())
        table = vector_table(Path(folder, str(size)), some)
        marks.append(time.perf_counter())
        exact = [nearest(table, query) for query in queries]
        each = {
            "words": seconds_each(lambda turn: bm25.scores(questions[turn]), many),
            "product": seconds_each(lambda turn: dense_scores(queries[turn, None], some), many),
            "exact": seconds_each(lambda turn: nearest(table, queries[turn]), many),
        }
        marks.append(time.perf_counter())
        table.create_index("vector", config=IvfFlat(distance_type="dot", num_partitions=DRAWERS))
        marks.append(time.perf_counter())
        each["drawers"] = seconds_each(lambda turn: nearest(table, queries[turn]), many)
        row = {name: round(1 / seconds) for name, seconds in each.items()}
        row |= {"found": overlap([nearest(table, query) for query in queries], exact)}
        waits = {"words": 0, "exact": 1, "drawers": 3}  # between which two marks
        return row | {f"build_{n}": marks[at + 1] - marks[at] for n, at in waits.items()}

    with with_threads(1), TemporaryDirectory() as folder:  # threads that wait would slow a product
        vector_table(Path(folder, "warm-up"), vectors[:300].clone())
        rows = [{"entries": n, **race(n)} for n in (1_000, 1_500, 2_000, len(corpus))]
    for row in rows:
        print(", ".join(f"{name}: {value:,.3g}" for name, value in row.items()))
    print(f"turning a question into a vector: {encoding_ms:.0f} ms")
