"""The parts of a capacity plan: bytes that lie on the cards, and seconds that a step takes.

Source: Carol Chen (kipply), "Transformer Inference Arithmetic", 30 March 2022, sections
"capacity", "model parallelism" and "latency calculations",
https://kipp.ly/transformer-inference-arithmetic/; pages of 16 tokens: Kwon et al. (2023),
https://arxiv.org/abs/2309.06180
"""

from dataclasses import dataclass

from snippets.inference.facts_capacity import CardLink, ModelSize
from snippets.inference.facts_devices import Accelerator
from snippets.inference.facts_models import ModelShape

PAGE_TOKENS = 16  # notes are handed out in pages of so many tokens
RESERVED_SHARE = 0.1  # of each card: driver, buffers for the talk, gaps. A habit, not a law
CHUNK_TOKENS = 2048  # longest piece of prompts in one pass
WIDTHS_IN_FLIGHT = 16  # numbers alive per token and unit of width in that pass: an allowance
SYNC_SECONDS = 8e-6  # kipply's estimate for one short exchange between cards


@dataclass(frozen=True)
class PackedModel:
    """One model on `n` cards, with `batch` conversations of `context` tokens."""

    size: ModelSize
    shape: ModelShape
    card: Accelerator
    way: CardLink
    n: int
    context: int
    batch: int
    weight: float  # bytes of one
    per_token: float  # bytes of notes
    flops: float
    prompt_floor: float  # seconds for one prompt, attention between its tokens left out


def talk_time(layers: int, width: int, tokens: int, cards: int, link: float) -> float:
    """Let cards add up their shares: two all-reduces a layer, each two exchanges, 16 bits.

    The longer of two times: of waiting for each other, and of moving the bytes through `link`.

    Raises:
        ValueError: If there is less than one card, or the link has no speed.
    """
    if cards < 1 or not link > 0:
        raise ValueError(f"wanted at least 1 card and a link above 0, got {cards} and {link}")
    if cards == 1:
        return 0.0
    moved = 8 * layers * width * tokens * (cards - 1) / cards
    return max(4 * layers * SYNC_SECONDS, moved / link)


def room_taken(one: PackedModel) -> dict[str, float]:
    """Count bytes: weights, notes by the page, a pass in flight, a reserve; and who fits in."""
    n, heads = one.n, one.shape.n_kv_heads
    weights = one.size.n_params * one.weight
    notes = -(-one.context // PAGE_TOKENS) * PAGE_TOKENS * one.per_token  # last page in full
    alive = WIDTHS_IN_FLIGHT * 2 * one.shape.d_model * min(CHUNK_TOKENS, one.batch * one.context)
    usable = one.card.memory_bytes * (1 - RESERVED_SHARE)
    allowed = [k for k in range(1, heads + 1) if heads % k == 0]
    enough = [k for k in allowed if weights + one.batch * notes + alive <= k * usable]
    return {
        "weight_bytes": weights,
        "note_bytes_per_user": notes,
        "activation_bytes": alive,
        "reserved_bytes": n * one.card.memory_bytes * RESERVED_SHARE,
        "fits": n in enough,
        "devices_needed": min(enough, default=0),
        "users_that_fit": max(0, int((n * usable - weights - alive) // notes)),
    }


def step_clock(one: PackedModel) -> dict[str, float | str]:
    """Time the prompt of one, then one step of all: the slower clock, then the talk."""
    n, params, tokens, batch = one.n, one.size.n_params, one.context, one.batch
    layers, width, link, rate = one.shape.n_layers, one.shape.d_model, one.way.link, n * one.flops
    pairs = 2 * layers * one.shape.n_heads * one.shape.head_dim  # half of all pairs are future
    reading = max(one.prompt_floor, (2 * params * tokens + pairs * tokens**2) / rate)
    parts = {
        "weights": params * one.weight / (n * one.card.bandwidth),
        "notes": batch * tokens * one.per_token / (n * one.card.bandwidth),
        "math": batch * (2 * params + 2 * pairs * tokens) / rate,
        "talk": talk_time(layers, width, batch, n, link),
    }
    fetch = parts["weights"] + parts["notes"]
    slower = max(fetch, parts["math"])
    step = slower + parts["talk"]
    binds = "math" if parts["math"] >= fetch else max("weights", "notes", key=parts.__getitem__)
    binds = "talk" if parts["talk"] > slower else binds
    hop = max(SYNC_SECONDS, 2 * batch * width / link)
    return {
        "prefill_seconds": reading + talk_time(layers, width, tokens, n, link),
        "fetch_seconds": fetch,
        "math_seconds": parts["math"],
        "talk_seconds": parts["talk"],
        "decode_seconds": step,
        "tokens_per_second": batch / step,
        "tokens_per_second_per_device": batch / step / n,
        "pipeline_seconds": n * slower + (n - 1) * hop,
        "binds": binds,
    }


if __name__ == "__main__":
    us = {n: 1e6 * talk_time(64, 8192, 1, n, 300e9) for n in (1, 2, 4)}
    users = {b: 1e3 * talk_time(64, 8192, b, 4, 300e9) for b in (1, 512)}
    print(f"52B, one user, 4 cards: {us[4]:.0f} µs of talk; 512 users: {users[512]:.1f} ms")
