"""A reranker: read the best few again, question and passage token against token.

Sources: Khattab and Zaharia (2020), section 3, https://arxiv.org/abs/2004.12832 (late interaction);
here with MiniLM's token vectors, which were not trained for it
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import normalize

from snippets.model.minilm import load_minilm_parts
from snippets.retrieval.docstrings import docstring_corpus
from snippets.retrieval.facts_queries import TUNING_QUESTIONS
from snippets.retrieval.facts_report_queries import REPORT_QUESTIONS
from snippets.retrieval.hybrid_search import fuse, judge, known_items, search_both
from snippets.retrieval.passage_vectors import passage_text
from snippets.tools.plot import heatmap, name_ticks

REREAD = 10  # how many of the fused list are read again


def late_interaction(query: Tensor, passage: Tensor) -> Tensor:
    r"""Find for each token of a query its best match in a passage, and average.

    $\frac{1}{T} \sum_i \max_j q_i \cdot p_j$, from -1 to 1 for a query `(T, D)` and a passage
    `(S, D)` of vectors of length 1. (The authors add up; for one query, that orders alike.)

    Raises:
        ValueError: If the sizes do not fit or there is nothing to compare.
    """
    if query.shape[1:] != passage.shape[1:] or 0 in (*query.shape, *passage.shape):
        shapes = f"{tuple(query.shape)} and {tuple(passage.shape)}"
        raise ValueError(f"wanted (T, D) and (S, D) with T, S, D >= 1, got {shapes}")
    return (query @ passage.T).amax(1).mean()


def token_reader() -> Callable[[str], Tensor]:
    """Load MiniLM to turn a text into one vector of length 1 per token, `(T, 384)`."""
    wordpiece, encoder = load_minilm_parts()

    @torch.no_grad()
    def read(text: str) -> Tensor:
        ids = torch.tensor([wordpiece.encode(text)])  # (1, T)
        return normalize(encoder(ids, ids >= 0)[0], dim=-1)

    return read


def rerank(ranking: Sequence[int], score: Callable[[int], float], vote: bool) -> list[int]:
    """Order the first ten anew by score; as a vote, fuse the new order with the old one."""
    first = list(ranking[:REREAD])
    again = sorted(first, key=lambda number: -score(number))
    return [*(fuse([again, first]) if vote else again), *ranking[REREAD:]]


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    corpus, read, passages = docstring_corpus(), token_reader(), {}
    number = {entry.name: n for n, entry in enumerate(corpus)}
    halves = {"tuning": TUNING_QUESTIONS, "by hand": REPORT_QUESTIONS}
    halves["by rule"] = known_items(corpus)[1::2]

    rows = []
    for half, questions in halves.items():
        answers = [[number[name] for name in known.names.split()] for known in questions]
        pairs = search_both(corpus, [known.question for known in questions])
        lists = {"fused": [fuse(pair) for pair in pairs], "read again": [], "as a vote": []}
        for known, ranking in zip(questions, lists["fused"], strict=True):
            query = read(known.question)
            new = [n for n in ranking[:REREAD] if n not in passages]
            passages |= {n: read(passage_text(corpus[n])) for n in new}
            scores = {n: float(late_interaction(query, passages[n])) for n in ranking[:REREAD]}
            lists["read again"].append(rerank(ranking, scores.__getitem__, vote=False))
            lists["as a vote"].append(rerank(ranking, scores.__getitem__, vote=True))
        for way, ranked in lists.items():
            rows.append({"half": half, "way": way, **judge(ranked, answers)})
            print(f"{half:9}{way:12}", *judge(ranked, answers).values())
    read_again = len(passages)
    print(f"{read_again} passages were read again")

    question, passage = "delete blanks at both ends", "strip leading and trailing whitespace"
    matches = (read(question) @ read(passage).T)[1:-1, 1:-1]  # without the marks of start and end
    names = [load_minilm_parts()[0].tokens(text)[1:-1] for text in (question, passage)]
    best = dict(zip(names[0], [names[1][n] for n in matches.argmax(1)], strict=True))
    figure, ax = plt.subplots(figsize=(6.4, 3.6))
    heatmap(ax, matches)
    name_ticks(ax, names[1], names[0])
    ax.tick_params(axis="x", rotation=30)
    ax.set_title("How well tokens meet (cosine)")
    plt.show()
