"""Many requests, one model: wait for the whole batch to end, or let the next one in at once?

Source: Yu et al. (2022), "Orca", section 3 (scheduling by iteration), OSDI 2022,
https://www.usenix.org/conference/osdi22/presentation/yu
"""

from dataclasses import dataclass, field

import torch

from snippets.model.tiny import load_tiny
from snippets.model.transformer import Transformer
from snippets.tools.threads import with_threads


@dataclass
class Request:
    """Somebody's wish: text to go on from, how many tokens, and before which pass it came."""

    text: list[int]
    wanted: int
    came: int = 0
    written: list[int] = field(default_factory=list)
    first: int = 0  # after how many passes its first token stood there
    done: int = 0  # and its last


@torch.no_grad()
def next_tokens(model: Transformer, texts: list[list[int]]) -> list[int]:
    """Make one pass over texts of different lengths: the likeliest next token of each."""
    longest = max(map(len, texts))
    ids = torch.tensor([text + [0] * (longest - len(text)) for text in texts])  # (B, T)
    ends = torch.tensor([len(text) - 1 for text in texts])  # nobody reads what stands behind
    return model(ids)[torch.arange(len(texts)), ends].argmax(-1).tolist()


def serve(model: Transformer, requests: list[Request], slots: int, continuous: bool) -> int:
    """Answer all requests, at most `slots` at a time, and count the passes.

    Args:
        model: Reads whole texts; a real server would keep a cache for each.
        requests: Are filled in. Sorted by when they came.
        slots: How many rows a batch has.
        continuous: Let a request in as soon as a slot is free; else only when all are.

    Raises:
        ValueError: If there is no slot, or a request wants nothing.
    """
    if slots < 1 or any(request.wanted < 1 for request in requests):
        raise ValueError(f"wanted a slot and requests for a token at least, got {slots} slots")
    waiting, busy, passes = list(requests), [], 0
    while waiting or busy:
        if continuous or not busy:
            while waiting and waiting[0].came <= passes and len(busy) < slots:
                busy.append(waiting.pop(0))
        passes += 1
        if busy:
            news = next_tokens(model, [r.text + r.written for r in busy])
            for request, new in zip(busy, news, strict=True):
                request.written.append(new)
                request.first = request.first or passes
                request.done = passes
        busy = [r for r in busy if len(r.written) < r.wanted]
    return passes


def wishes(texts: list[list[int]], seed: int) -> list[Request]:
    """Draw how much each wants, many a little and few a lot, and when it comes."""
    chance = torch.Generator().manual_seed(seed)
    wanted = (4 * 2 ** (4 * torch.rand(len(texts), generator=chance))).int().tolist()  # 4 to 64
    return [Request(text, n, 3 * k) for k, (text, n) in enumerate(zip(texts, wanted, strict=True))]


def seat_plan(requests: list[Request]) -> list[int]:
    """Find a seat for each request, the lowest that is free when its first token is written."""
    free_from: list[int] = []  # for each seat, the pass from which it is free again
    plan = []
    for request in requests:
        seat = next((n for n, end in enumerate(free_from) if end < request.first), len(free_from))
        free_from[seat : seat + 1] = [request.done]
        plan.append(seat)
    return plan


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    model, characters = load_tiny()
    lines = ["To be, or ", "Give me thy ", "O Romeo, ", "My lord, ", "What, no ", "Good night, "]
    texts, rows, written = [characters.encode(line) for line in lines * 4], [], {}
    _, axes = plt.subplots(2, 1, figsize=(6.8, 3.6), sharex=True)
    for continuous, ax in zip((False, True), axes, strict=True):
        requests = wishes(texts, seed=0)
        with with_threads(1):
            passes = serve(model, requests, slots=4, continuous=continuous)
        tokens = sum(len(r.written) for r in requests)
        row = {"batching": "continuous" if continuous else "static", "passes": passes}
        row |= {"filled": round(100 * tokens / (4 * passes))}
        row |= {"first": round(sum(r.first - r.came for r in requests) / len(requests), 1)}
        row |= {"done": round(sum(r.done - r.came for r in requests) / len(requests), 1)}
        rows.append(row)
        written[row["batching"]] = [r.written for r in requests]
        for n, (r, seat) in enumerate(zip(requests, seat_plan(requests), strict=True)):
            ax.barh(
                seat,
                r.done - r.first + 1,
                left=r.first - 1,
                height=0.8,
                color=f"C{n % 3}",
                ec="white",
            )
        ax.set(title=row["batching"], ylabel="seat", yticks=range(4), yticklabels=range(1, 5))
    same, count = written["static"] == written["continuous"], len(texts)
    for row in rows:
        print(
            "{batching:10}: {passes} passes, {filled} % of the slots filled; first token after"
            " {first}, last after {done}".format(**row)
        )
    print(f"{count} requests, {tokens} tokens; the same texts both ways: {same}")
    axes[1].set_xlabel("pass")
    plt.show()
