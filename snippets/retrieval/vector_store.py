"""A vector database in a folder: texts go in, are changed and deleted, and are found by meaning.

Source: LanceDB (Apache-2.0), https://docs.lancedb.com (an embedded database, no server)
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from torch import Tensor

from snippets.model.minilm import load_minilm

LONGEST_TEXT = 20_000  # characters; more is refused, since the encoder reads only some 1,000


@dataclass(frozen=True)
class Hit:
    """One text that was found; score is the cosine to the query, at most 1."""

    id: str
    text: str
    score: float


class VectorStore:
    """A table of id, text and vector on disk; each change is written before the call returns."""

    def __init__(self, table: Any, encode: Callable[[list[str]], Tensor]):
        """Use an open table of LanceDB and what turns N texts into `(N, D)`, rows of length 1."""
        self._table, self._encode = table, encode

    def __len__(self) -> int:
        """Count the entries."""
        return self._table.count_rows()

    def add(self, ids: list[str], texts: list[str], vectors: Tensor | None = None) -> None:
        """Add N new names with N texts; their vectors `(N, D)`, float32, if known already.

        Raises:
            TypeError: If an id or a text is not a text.
            ValueError: If an id is taken, a text is empty or too long, or the numbers differ.
        """
        ids, texts = list(map(checked_text, ids)), list(map(checked_text, texts))
        if len(ids) != len(texts) or (vectors is not None and len(vectors) != len(ids)):
            raise ValueError(f"wanted as many texts (and vectors) as ids, got {len(ids)} ids")
        if len(set(ids)) < len(ids):
            raise ValueError("an id stands twice among the new ones")
        if taken := self._known(ids):
            raise ValueError(f"id {taken[0]!r} is taken; use update")
        if ids:
            self._table.add(self._rows(ids, texts, vectors))

    def update(self, id: str, text: str) -> None:
        """Replace the text, and with it the vector, of an entry; errors as in `add`.

        Raises:
            ValueError: If there is no such id.
        """
        self._must_hold(id)
        rows = self._rows([id], [checked_text(text)], None)
        self._table.merge_insert("id").when_matched_update_all().execute(rows)

    def delete(self, id: str) -> None:
        """Remove an entry; errors as in `update`."""
        self._must_hold(id)
        self._table.delete(_where([id]))

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """Find the k entries nearest to a question, best first; fewer if there are fewer.

        Raises:
            TypeError: If the query is not a text.
            ValueError: If the query is empty or too long, or k is below 1.
        """
        if k < 1:
            raise ValueError(f"wanted k >= 1, got {k}")
        vector = self._encode([checked_text(query)])[0].numpy()
        found = self._table.search(vector).distance_type("dot").limit(k)
        rows = found.select(["id", "text", "_distance"]).to_list()
        return [Hit(row["id"], row["text"], 1 - row["_distance"]) for row in rows]

    def _rows(self, ids: list[str], texts: list[str], vectors: Tensor | None) -> pa.Table:
        vectors = self._encode(texts) if vectors is None else vectors  # (N, D)
        flat = pa.array(vectors.float().numpy().ravel())
        columns = [ids, texts, pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])]
        return pa.table(columns, schema=self._table.schema)

    def _known(self, ids: list[str]) -> list[str]:
        found = self._table.search().where(_where(ids)) if ids else None
        return [row["id"] for row in found.select(["id"]).to_list()] if found else []

    def _must_hold(self, id: str) -> None:
        if not self._known([checked_text(id)]):
            raise ValueError(f"there is no entry {id!r}")


def open_store(
    folder: Path | str, encode: Callable[[list[str]], Tensor] | None = None, dim: int = 384
) -> VectorStore:
    """Open a folder's database, or make an empty one; MiniLM encodes texts if nothing else does."""
    import lancedb  # starts a thread, so only when it is needed

    database = lancedb.connect(str(folder))
    vector = pa.list_(pa.float32(), dim)
    schema = pa.schema({"id": pa.string(), "text": pa.string(), "vector": vector})
    table = database.create_table("entries", schema=schema, exist_ok=True)
    return VectorStore(table, encode or load_minilm()[0])


def checked_text(text: str) -> str:
    """Give the text back if it is one of 1 to 20,000 characters; else say what is wrong."""
    if not isinstance(text, str):
        raise TypeError(f"wanted a text (str), got {type(text).__name__}: {text!r:.60}")
    if not text.strip():
        raise ValueError("wanted a text, got an empty one")
    if len(text) > LONGEST_TEXT:
        most = f"wanted at most {LONGEST_TEXT:,} characters"
        raise ValueError(f"{most}, got {len(text):,}: cut the text into passages first")
    return text


def _where(ids: list[str]) -> str:
    quoted = (name.replace("'", "''") for name in ids)  # or an id could be a piece of SQL
    return "id IN ('" + "', '".join(quoted) + "')"


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        store = open_store(folder)
        store.add(["tea", "bike"], ["Green tea is brewed at 80 degrees.", "The bicycle is red."])
        question, answers = "How hot should the water be?", {}
        answers["added"] = store.search(question, k=1)[0].text
        store.update("tea", "Green tea is brewed at 70 degrees.")
        answers["updated"] = store.search(question, k=1)[0].text
        store.delete("tea")
        answers["deleted"] = store.search(question, k=1)[0].text
        print(question, *(f"  {when}: {what}" for when, what in answers.items()), sep="\n")

        refusals = {}
        tries = {
            "unknown id": lambda: store.delete("coffee"),
            "taken id": lambda: store.add(["bike"], ["It is blue."]),
            "empty query": lambda: store.search("  "),
            "no text": lambda: store.search(3.14),
            "1 MB": lambda: store.add(["long"], ["x" * 1_000_000]),
        }
        for name, attempt in tries.items():
            try:
                attempt()
            except (TypeError, ValueError) as error:
                refusals[name] = str(error)
                print(f"{name}: {error}")
        left = len(open_store(folder))
        print(f"opened again: {left} entry")
